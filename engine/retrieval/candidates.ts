/** Nominated rows of a release, best first: by integer score, then by product id. */
export type Candidates = {
  readonly rows: Int32Array
  /** round(score × 2^20) of each. */
  readonly scores: Float64Array
}

/**
 * Keeps the k best of a stream of (row, integer score); ties go to the smaller `idRank`, the row's place among all
 * product ids. A binary heap with the worst on top: O(log k) a candidate that gets in, one comparison for the rest.
 */
export function bestOf(
  k: number,
  idRank: Int32Array,
): {
  /** Once k are held, the score of the worst: what lies below it need not be offered. −∞ before. */
  floor(): number
  offer(row: number, score: number): void
  sorted(): Candidates
} {
  const rows = new Int32Array(k)
  const scores = new Float64Array(k)
  let size = 0
  const worse = (rowA: number, scoreA: number, rowB: number, scoreB: number): boolean =>
    scoreA < scoreB || (scoreA === scoreB && idRank[rowA]! > idRank[rowB]!)
  const place = (slot: number, row: number, score: number): void => {
    rows[slot] = row
    scores[slot] = score
  }
  const up = (from: number, row: number, score: number): void => {
    let slot = from
    while (slot > 0) {
      const parent = (slot - 1) >> 1
      if (!worse(row, score, rows[parent]!, scores[parent]!)) break
      place(slot, rows[parent]!, scores[parent]!)
      slot = parent
    }
    place(slot, row, score)
  }
  const down = (row: number, score: number): void => {
    let slot = 0
    for (;;) {
      let child = 2 * slot + 1
      if (child >= size) break
      if (child + 1 < size && worse(rows[child + 1]!, scores[child + 1]!, rows[child]!, scores[child]!)) child += 1
      if (!worse(rows[child]!, scores[child]!, row, score)) break
      place(slot, rows[child]!, scores[child]!)
      slot = child
    }
    place(slot, row, score)
  }
  return {
    floor: () => (size < k ? -Infinity : scores[0]!),
    offer: (row, score) => {
      if (size < k) up(size++, row, score)
      else if (k > 0 && worse(rows[0]!, scores[0]!, row, score)) down(row, score)
    },
    sorted: () => {
      const order = Array.from({ length: size }, (_, index) => index)
      order.sort((a, b) => scores[b]! - scores[a]! || idRank[rows[a]!]! - idRank[rows[b]!]!)
      return { rows: Int32Array.from(order, (i) => rows[i]!), scores: Float64Array.from(order, (i) => scores[i]!) }
    },
  }
}
