import { rulesFor } from '../engine/suitability/rulesFor.js'
import { subjectOf } from '../engine/suitability/inputs.js'
import { thirtyRules } from './rules.js'
import { hitsOf } from './rulesClasses.js'
import { marketAtEnd } from './rulesMarket.js'

test('thirty rules are in force for a recommendation, and more for a purchase', async () => {
  const pack = thirtyRules()
  const end = Date.parse('2026-05-08T15:00:00Z')
  const size = { products: 40, investors: 20, days: 60 }
  const { products, investors, visits } = await marketAtEnd({ seed: 1, endDay: '2026-05-08', ...size }, end)
  const [someone] = investors.values()
  const judging = (initiation: 'push' | 'self-initiated'): number =>
    rulesFor(pack, subjectOf(someone!, initiation, pack, end)).filter(({ effect }) => effect !== 'non-personal').length
  expect(judging('push')).toBeGreaterThanOrEqual(30)
  expect(judging('self-initiated')).toBeGreaterThanOrEqual(30)
  expect([products.length, investors.size]).toEqual([40, 20])
  expect(visits.every((id) => investors.has(id))).toBe(true)
})

test.each([
  [['a', 'a', 'b', 'a'], 2, 2 / 4],
  [['a', 'b', 'c', 'a'], 2, 0],
  [['a', 'b', 'a', 'c', 'a'], 2, 2 / 5],
])('of %j, with %d kept, %d were met before', (names, kept, share) => expect(hitsOf(names, kept)).toBe(share))
