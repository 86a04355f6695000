import { collectingSink } from '../features/ingest/testFolder.js'
import { simulateMarket } from './simulateMarket.js'
import { atLeast, countsOf, popularityCurve, statisticsSink, topShares } from './statistics.js'
import { small } from './testMarket.js'

test('counts, most frequent first', () => expect(countsOf(['a', 'b', 'a', 'c', 'a', 'b'])).toEqual([3, 2, 1]))
test('a hundred products bought alike: the top tenth has a tenth', () => {
  const curve = popularityCurve(Array.from({ length: 100 }, () => 7))
  expect(curve[topShares.indexOf(0.1)]).toBeCloseTo(0.1, 12)
  expect(curve.at(-1)).toBe(1)
})
test('of a simulated market they agree with its own report', async () => {
  const statistics = statisticsSink()
  const report = await simulateMarket(small, statistics)
  const of = statistics.of(0, Date.parse('2027-01-01T00:00:00Z'))
  expect(of.purchases).toBe(report.byType['purchase'])
  expect((of.shareAbove ?? 0) * of.purchases).toBeCloseTo(report.purchasesAboveLevel, 6)
  expect(of.buyersWithAtLeast).toHaveLength(atLeast.length)
  expect(of.buyersWithAtLeast[0]).toBe(1)
  expect(of.volatility.get('money-market')?.bps[1]).toBeLessThan(50)
  expect(of.volatility.get('equity')?.bps[1]).toBeGreaterThan(1_500)
})
test('a sink without NAVs is a sink', async () => {
  const { sink, events } = collectingSink()
  await simulateMarket({ ...small, investors: 40 }, sink)
  expect(events.length).toBeGreaterThan(100)
})
