import { randomFor } from '../../random.js'
import { batchesOf } from './batches.js'
import { candidatesOf } from './candidates.js'

const targets = Int32Array.from([2, 5, 2])
const noBag = { rows: new Int32Array(), places: new Int32Array() }
const shares = Float64Array.from({ length: 8 }, (_, row) => (row === 2 ? 0.5 : row === 5 ? 0.25 : 0.05))
const rowsUpTo = (count: number): Int32Array => Int32Array.from({ length: count }, (_, row) => row)
const scratch = (): Int32Array => new Int32Array(8).fill(-1)

test('each product once, targets found, offset by the chance to be there', () => {
  const columnOf = scratch()
  const { products, hits, offset } = candidatesOf(
    targets,
    noBag,
    shares,
    { known: rowsUpTo(8), negatives: 0 },
    randomFor(1, 'test'),
    columnOf,
  )
  expect([...products]).toEqual([2, 5])
  expect([...hits]).toEqual([0, 3, 4])
  expect(offset[0]).toBeCloseTo(-Math.log(1 - 0.5 ** 3), 4)
  expect(offset[1]).toBeCloseTo(-Math.log(1 - 0.75 ** 3), 4)
  expect([...columnOf]).toEqual([...scratch()])
})

test('negatives come from the products known then; what stands in his bag is none for him alone', () => {
  const bag = { rows: Int32Array.from([5]), places: Int32Array.from([0]) }
  const random = randomFor(2, 'test')
  const { products, offset } = candidatesOf(
    targets,
    bag,
    shares,
    { known: rowsUpTo(4), negatives: 50 },
    random,
    scratch(),
  )
  expect([...products].sort()).toEqual([0, 1, 2, 3, 5])
  const column = products.indexOf(5)
  expect(offset[column]).toBe(-1e9)
  expect(offset[products.length + column]).toBeGreaterThan(0)
})

test('the chance that the correction states is the one observed', () => {
  const random = randomFor(3, 'test')
  const cumulative = [...shares].map((_, row) => shares.slice(0, row + 1).reduce((sum, share) => sum + share, 0))
  const total = cumulative.at(-1) ?? 1
  const normalised = shares.map((share) => share / total)
  const seen = new Float64Array(8)
  let stated = 0
  const runs = 4000
  for (let run = 0; run < runs; run++) {
    const drawn = Int32Array.from({ length: 3 }, () => {
      const point = random.uniform() * total
      return cumulative.findIndex((sum) => point < sum)
    })
    const { products, offset } = candidatesOf(
      drawn,
      noBag,
      normalised,
      { known: rowsUpTo(8), negatives: 2 },
      random,
      scratch(),
    )
    for (const row of products) seen[row]!++
    if (products[0] === 2) stated = offset[0]!
  }
  expect(seen[2]! / runs).toBeCloseTo(Math.exp(-stated), 1)
})

test('batches hold every example once, none across periods, and another order each epoch', () => {
  const periodOf = Int32Array.from({ length: 103 }, (_, at) => at % 3)
  const epochs = [0, 1].map((epoch) => batchesOf(periodOf, 3, 16, 7, epoch))
  for (const batches of epochs) {
    expect(batches.flatMap(({ examples }) => [...examples]).sort((a, b) => a - b)).toEqual([...periodOf.keys()])
    for (const { period, examples } of batches) for (const example of examples) expect(periodOf[example]).toBe(period)
  }
  expect(epochs[0]).not.toEqual(epochs[1])
})
