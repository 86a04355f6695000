/** The best `size` of all scores but for `masked`, ties by ordinal. */
export function bestOf(scores: Float32Array | Float64Array, masked: Int32Array, size: number): number[] {
  const hidden = new Set(masked)
  const best: { item: number; score: number }[] = []
  let worst = -Infinity
  for (let item = 0; item < scores.length; item++) {
    const score = scores[item] ?? -Infinity
    if ((best.length === size && score <= worst) || hidden.has(item)) continue
    insert(best, { item, score }, size)
    worst = best[best.length - 1]?.score ?? -Infinity
  }
  return best.map(({ item }) => item)
}

function insert(best: { item: number; score: number }[], entry: { item: number; score: number }, size: number): void {
  const precedes = (other: { item: number; score: number }): boolean =>
    other.score > entry.score || (other.score === entry.score && other.item < entry.item)
  let at = best.length
  for (let previous = best[at - 1]; previous !== undefined && !precedes(previous); previous = best[at - 1]) at--
  best.splice(at, 0, entry)
  if (best.length > size) best.pop()
}
