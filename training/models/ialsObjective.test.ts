import { interactionsOf, transposed } from '../interactions.js'
import { randomFor } from '../random.js'
import { IalsConfig } from './config.js'
import { fitIals } from './ials.js'
import { ialsObjective } from './ialsObjective.js'

const { uniform } = randomFor(3, 'objective')
const items = Array.from({ length: 12 }, (_, item) => `P${item}`)
const weighted = Array.from(
  { length: 30 },
  () => new Map(items.flatMap((_, item) => (uniform() < 0.3 ? [[item, uniform() < 0.5 ? 1 : 0.25] as const] : []))),
).filter((row) => row.size > 0)
const interactions = interactionsOf(items, weighted)

test('is the sum over every pair, by the formula', () => {
  const d = 3
  const vectors = (count: number) => ({
    ...{ count, dimension: d },
    data: Float64Array.from({ length: count * d }, () => uniform() - 0.5),
  })
  const [x, y] = [vectors(weighted.length), vectors(items.length)]
  const [alpha0, lambdaOf] = [0.1, (size: number) => 0.2 * Math.sqrt(size + 1)]
  const sizes = items.map((_, item) => weighted.reduce((sum, row) => sum + (row.get(item) ?? 0), 0))
  let [want, pairs] = [0, 0]
  const square = (data: Float64Array, row: number): number =>
    data.slice(row * d, (row + 1) * d).reduce((sum, value) => sum + value ** 2, 0)
  weighted.forEach((row, user) => {
    for (let item = 0; item < items.length; item++) {
      const score = [0, 1, 2].reduce((sum, j) => sum + (x.data[user * d + j] ?? 0) * (y.data[item * d + j] ?? 0), 0)
      want += (row.get(item) ?? 0) * (score - 1) ** 2 + alpha0 * score ** 2
      pairs += row.has(item) ? 1 : 0
    }
    want += lambdaOf(Math.round([...row.values()].reduce((sum, weight) => sum + weight, 0))) * square(x.data, user)
  })
  sizes.forEach((size, item) => (want += lambdaOf(Math.round(size)) * square(y.data, item)))
  const of = { alpha0, lambdaOf }
  expect(ialsObjective(x, y, [interactions, of], [transposed(interactions), of])).toBeCloseTo(want / pairs, 10)
})

test('each iteration of iALS lowers it: both half-steps are minimisers', () => {
  const objectives: number[] = []
  const config = IalsConfig.parse({ kind: 'ials', dimension: 4, lambda: 0.05, iterations: 8 })
  fitIals(interactions, config, 1, undefined, (objective) => objectives.push(objective))
  expect(objectives).toHaveLength(8)
  objectives.slice(1).forEach((value, at) => expect(value).toBeLessThanOrEqual((objectives[at] ?? 0) * (1 + 1e-12)))
})
