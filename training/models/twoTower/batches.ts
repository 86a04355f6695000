import { type Random, randomFor } from '../../random.js'
import { type Encoded } from './encode.js'

/** Examples in batches, none across periods, in an order of its own for each epoch: plain indices. */
export function batchesOf(
  periodOf: Int32Array,
  periods: number,
  size: number,
  seed: number,
  epoch: number,
): { readonly period: number; readonly examples: Int32Array }[] {
  const random = randomFor(seed, `two-tower/batches/${epoch}`)
  const batches: { period: number; examples: Int32Array }[] = []
  for (let period = 0; period < periods; period++) {
    const examples = shuffled(
      Int32Array.from(periodOf.keys()).filter((example) => periodOf[example] === period),
      random,
    )
    // As equal as may be: a batch of a few would be a step of noise.
    const count = Math.ceil(examples.length / size)
    for (let batch = 0; batch < count; batch++)
      batches.push({
        period,
        examples: examples.subarray(
          Math.floor((batch * examples.length) / count),
          Math.floor(((batch + 1) * examples.length) / count),
        ),
      })
  }
  const order = shuffled(Int32Array.from(batches.keys()), random)
  return Array.from(order, (at) => batches[at]!)
}

/** In place: Fisher and Yates. */
function shuffled(numbers: Int32Array, { uniform }: Random): Int32Array {
  for (let at = numbers.length - 1; at > 0; at--) {
    const other = Math.floor(uniform() * (at + 1))
    const swapped = numbers[at]!
    numbers[at] = numbers[other]!
    numbers[other] = swapped
  }
  return numbers
}

/** The entries of the bags of some examples, and each one's share of its bag. */
export function bagEntries(
  { bagStarts, bagRows, bagWeights }: Pick<Encoded, 'bagStarts' | 'bagRows' | 'bagWeights'>,
  examples: Int32Array,
): { readonly rows: Int32Array; readonly places: Int32Array; readonly shares: Float32Array } {
  let total = 0
  for (const example of examples) total += bagStarts[example + 1]! - bagStarts[example]!
  const rows = new Int32Array(total)
  const places = new Int32Array(total)
  const shares = new Float32Array(total)
  let to = 0
  examples.forEach((example, place) => {
    const [begin, end] = [bagStarts[example]!, bagStarts[example + 1]!]
    let sum = 0
    for (let at = begin; at < end; at++) sum += bagWeights[at]!
    for (let at = begin; at < end; at++) {
      rows[to] = bagRows[at]!
      places[to] = place
      shares[to++] = bagWeights[at]! / sum
    }
  })
  return { rows, places, shares }
}
