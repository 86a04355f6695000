import { randomFor } from '../features/definitions/random.js'
import { counted } from '../tests/full.js'
import { type Trial, trials } from './offPolicy.js'
import { drawProbabilities, expectedWorth } from './slateDraws.js'

const size = { products: 120, companies: 8, days: 60, logged: 400, all: 1_200 }
const names = ['as logged', 'personal', 'more by fame'] as const

test('on small markets the intervals hold the true value, as often as they say', async () => {
  const all: Trial[] = []
  for (let seed = 1; seed <= counted(100); seed++) all.push(...(await trials(seed, size, names)))
  for (const target of names)
    for (const estimator of ['IPS', 'SNIPS', 'doubly robust'] as const) {
      const of = all.filter((trial) => trial.target === target)
      const held = of.filter(({ truth, estimates }) => {
        const { low, high } = estimates[estimator]
        return low <= truth && truth <= high
      })
      expect([target, estimator, held.length / of.length >= 0.9]).toEqual([target, estimator, true])
    }
}, 120_000)

test('draws without replacement: chances given those above, and the expected worth by rank', () => {
  const weights = Float64Array.of(1, 2, 3)
  expect(drawProbabilities(weights, [2, 0]).map((p) => 60 * p)).toEqual([30, expect.closeTo(20, 9)])
  const worth = expectedWorth(weights, Float64Array.of(0, 0, 1), 3, 4_000, randomFor(1, 'draws'))
  // 3 comes first with 1/2, second with 1/6 · 3/5 + 1/3 · 3/4.
  expect(worth[0]).toBeCloseTo(0.5, 12)
  expect(worth[1]).toBeCloseTo(0.35, 1)
  expect(worth.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 1)
})
