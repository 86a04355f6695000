import { type Random } from '../../random.js'

/** Pairs of an investor's place in the batch and a product row that might be a negative for him. */
export type Pool = { readonly places: Int32Array; readonly rows: Int32Array }

/**
 * For each of `count` negatives an investor of the batch, in turn, and `size` draws among `known` for him: pool entries
 * [count · size], those of one negative side by side. What is his target or in his bag is drawn again, at most ten times.
 */
export function drawPool(
  targets: Int32Array,
  bag: { readonly rows: Int32Array; readonly places: Int32Array },
  known: Int32Array,
  { count, size }: { readonly count: number; readonly size: number },
  { uniform }: Random,
): Pool {
  const own = targets.reduce(
    (sets, target, place) => sets.set(place, new Set([target])),
    new Map<number, Set<number>>(),
  )
  bag.rows.forEach((row, entry) => own.get(bag.places[entry]!)?.add(row))
  const places = Int32Array.from({ length: count * size }, (_, at) => Math.floor(at / size) % targets.length)
  const draw = (): number => known[Math.floor(uniform() * known.length)]!
  const rows = Int32Array.from(places, (place) => {
    let row = draw()
    for (let again = 0; again < 10 && own.get(place)?.has(row) === true; again++) row = draw()
    return row
  })
  return { places, rows }
}

/**
 * Of each `size` neighbours in the pool the row with the highest score, the first of equals: [count]. Scores are those
 * of the model as it stands (Zhang, Chen, Wang and Yu 2013, "Optimizing top-N collaborative filtering via dynamic
 * negative item sampling").
 */
export function hardest({ rows }: Pool, scores: Float32Array, size: number): Int32Array {
  return Int32Array.from({ length: rows.length / size }, (_, negative) => {
    let best = negative * size
    for (let at = best + 1; at < (negative + 1) * size; at++) if (scores[at]! > scores[best]!) best = at
    return rows[best]!
  })
}
