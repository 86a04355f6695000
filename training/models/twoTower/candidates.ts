import { type Random } from '../../random.js'

/** The columns of a batch's softmax. */
export type BatchCandidates = {
  /** [c] distinct product rows: the targets of the batch, and negatives drawn uniformly. */
  readonly products: Int32Array
  /** [b] flat places of the targets, place · c + column. */
  readonly hits: Int32Array
  /** [b, c] what is added to the logits: − log of the chance that the column is in the batch; −1e9 for what is in his bag. */
  readonly offset: Float32Array
}

const inBag = -1e9
const none = new Int32Array()

export type Negatives = {
  readonly known: Int32Array
  readonly negatives: number
  readonly hard?: Int32Array
  readonly correction?: number
}

/**
 * Mixed negatives with correction: a product stands in a batch once, with the chance 1 − (1 − p)^b (1 − 1/m)^k, p its
 * share of all targets, b the batch, k uniform draws among m products; −log of it is added to its logit, so that the
 * sum over the columns estimates the sum over the catalogue (Horvitz and Thompson 1952; the correction of Bengio and
 * Senécal 2008 and Yi et al. 2019, the mixture of Yang et al. 2020, "Mixed negative sampling for learning two-tower
 * neural networks"). What stands in an investor's bag is no negative for him: what he owns is not shown again.
 *
 * targets: [b]; targetShares: [n]; the negatives come from the rows `known`, ascending, and `hard`, which are chosen
 * among them and count as if drawn. `correction`: the share of the −log that is added. Scratch: columnOf [n], all −1,
 * given back so.
 */
export function candidatesOf(
  targets: Int32Array,
  bag: { readonly rows: Int32Array; readonly places: Int32Array },
  targetShares: Float64Array,
  { known, negatives, hard = none, correction = 1 }: Negatives,
  { uniform }: Random,
  columnOf: Int32Array,
): BatchCandidates {
  const columns: number[] = []
  const add = (row: number): void => {
    if (columnOf[row]! >= 0) return
    columnOf[row] = columns.length
    columns.push(row)
  }
  targets.forEach(add)
  for (let draw = 0; draw < negatives && known.length > 0; draw++) add(known[Math.floor(uniform() * known.length)]!)
  hard.forEach(add)
  const draws = negatives + hard.length
  const corrections = Float32Array.from(
    columns,
    (row) =>
      correction * correctionOf(targetShares[row]!, targets.length, drawable(known, row) ? known.length : 0, draws),
  )
  const c = columns.length
  const offset = new Float32Array(targets.length * c)
  const hits = new Int32Array(targets.length)
  for (let place = 0; place < targets.length; place++) {
    offset.set(corrections, place * c)
    hits[place] = place * c + columnOf[targets[place]!]!
  }
  for (let entry = 0; entry < bag.rows.length; entry++) {
    const column = columnOf[bag.rows[entry]!]!
    if (column >= 0) offset[bag.places[entry]! * c + column] = inBag
  }
  for (const row of columns) columnOf[row] = -1
  return { products: Int32Array.from(columns), hits, offset }
}

/** Whether an ascending list holds a row. */
function drawable(known: Int32Array, row: number): boolean {
  let [low, high] = [0, known.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (known[middle]! < row) low = middle + 1
    else high = middle
  }
  return known[low] === row
}

function correctionOf(share: number, batch: number, known: number, negatives: number): number {
  const missed = Math.pow(1 - share, batch) * (known > 0 ? Math.pow(1 - 1 / known, negatives) : 1)
  // Rounded: the last bit of a power or a logarithm may differ between versions of Node.
  return -Math.round(Math.log(Math.max(1e-9, 1 - missed)) * 65_536) / 65_536
}
