/**
 * Intra-list diversity of the first k shown: the mean distance of their pairs (Smyth and McClave 2001; Ziegler et al.
 * 2005, WWW, as the complement of intra-list similarity). With distances in [0, 1] it lies there too; the order of the
 * slate does not matter. Null where there are fewer than two.
 */
export function intraListDiversity<T>(shown: readonly T[], distance: (a: T, b: T) => number, k: number): number | null {
  const top = shown.slice(0, k)
  if (top.length < 2) return null
  let sum = 0
  top.forEach((a, place) => {
    for (const b of top.slice(place + 1)) sum += distance(a, b)
  })
  return sum / ((top.length * (top.length - 1)) / 2)
}
