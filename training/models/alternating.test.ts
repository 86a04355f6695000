import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Interactions, interactionsOf, transposed } from '../interactions.js'
import { randomFor } from '../random.js'
import { openAlternating, type Side } from './alternating.js'
import { squaresEverywhere } from './ialsObjective.js'
import { halfStep, type Rows, sizeOf, type Vectors } from './halfStep.js'

const lambdaOf = (size: number): number => 0.1 * Math.sqrt(size + 3)

/** Rows of 0 to 24 of 30 products, of which the last is taken by nobody. */
function drawn(users: number, weighted: boolean): Interactions {
  const { uniform } = randomFor(3, 'alternating')
  const rows = Array.from({ length: users }, (_, user) => {
    const taken = new Map<number, number>()
    for (let k = 0; k < user % 25; k++) taken.set(Math.floor(uniform() * 29), weighted ? 0.1 + uniform() : 1)
    return taken
  })
  return interactionsOf(
    Array.from({ length: 30 }, (_, item) => `P${item}`),
    rows,
  )
}

function firstVectors(dimension: number): Vectors {
  const { normal } = randomFor(4, 'first')
  return { count: 30, dimension, data: Float64Array.from({ length: 30 * dimension }, normal) }
}

const sideOf = (rows: Rows): Side => ({
  rows,
  lambdas: Float64Array.from({ length: rows.offsets.length - 1 }, (_, row) => lambdaOf(sizeOf(rows, row))),
})

function iterated(pairs: Interactions, dimension: number, threads = 1, open = openAlternating): [Vectors, Vectors] {
  const fit = open(firstVectors(dimension), [sideOf(pairs), sideOf(transposed(pairs))], 0.05, threads)
  fit.iterate()
  fit.iterate()
  fit.close()
  return [fit.users(), fit.products()]
}

test.each([
  ['fewer items than dimensions', 32, false],
  ['more', 4, false],
  ['both, and no whole tile', 10, true],
  ['one dimension', 1, true],
])('the scores are those of the plain half-steps: %s', (_case, dimension, weighted) => {
  const pairs = drawn(1100, weighted)
  const [users, products] = iterated(pairs, dimension)
  let plainProducts = firstVectors(dimension)
  let plainUsers = plainProducts
  for (let iteration = 0; iteration < 2; iteration++) {
    plainUsers = halfStep(plainProducts, pairs, 0.05, lambdaOf)
    plainProducts = halfStep(plainUsers, transposed(pairs), 0.05, lambdaOf)
  }
  // Eigenvectors are free in their sign: what both agree in are the scores.
  const score = (x: Vectors, y: Vectors, user: number, item: number): number =>
    y.data
      .subarray(item * dimension, (item + 1) * dimension)
      .reduce((sum, value, j) => sum + value * x.data[user * dimension + j]!, 0)
  let worst = 0
  for (let user = 0; user < 1100; user += 7)
    for (let item = 0; item < 30; item++)
      worst = Math.max(
        worst,
        Math.abs(score(users, products, user, item) - score(plainUsers, plainProducts, user, item)),
      )
  expect(worst).toBeLessThan(1e-9)
})

test('the sum of all squared scores is that of the Gram matrices', () => {
  const pairs = drawn(700, true)
  const fit = openAlternating(firstVectors(6), [sideOf(pairs), sideOf(transposed(pairs))], 0.05, 1)
  fit.iterate()
  fit.close()
  const want = squaresEverywhere(fit.users(), fit.products())
  expect(Math.abs(fit.squaresEverywhere() / want - 1)).toBeLessThan(1e-9)
})

test('the same bytes whatever the threads', async () => {
  const built = (await import(pathToFileURL(resolve('dist/training/models/alternating.js')).href)) as {
    readonly openAlternating: typeof openAlternating
  }
  const pairs = drawn(2100, true)
  const bytes = (vectors: readonly Vectors[]): Buffer =>
    Buffer.concat(vectors.map(({ data }) => Buffer.from(data.buffer)))
  const alone = bytes(iterated(pairs, 12))
  for (const threads of [2, 3])
    expect(bytes(iterated(pairs, 12, threads, built.openAlternating)).equals(alone)).toBe(true)
})

test('a system that is not positive definite is refused', () => {
  const pairs = drawn(40, false)
  const none = { rows: pairs, lambdas: new Float64Array(40).fill(-1e9) }
  const fit = openAlternating(firstVectors(4), [none, sideOf(transposed(pairs))], 0.05, 1)
  expect(() => fit.iterate()).toThrow('not positive definite')
})
