import { productFeatures } from '../../../features/definitions/catalogue.js'
import { type Catalogue } from '../../../features/schema/catalogue.js'
import { type Product } from '../../../features/schema/product.js'
import { type Instant } from '../../../features/schema/time.js'
import { catalogueOf } from '../../../tests/randomRelease.js'
import { product } from '../../../tests/sampleRecords.js'
import { periodsOf, productFactsOf } from './productFacts.js'

const asOf = Date.parse('2026-05-08T00:00:00Z')
const day = 86_400_000
const risen = (id: string, return1mBps: number, lockupDays: number): Product => {
  const base = product(id, { lockupDays })
  return { ...base, facts: base.facts === null ? null : { ...base.facts, return1mBps } }
}
const known = (products: readonly Product[], knownBefore: Instant): Catalogue => ({
  ...catalogueOf(products),
  knownBefore,
})

const newest = catalogueOf([risen('B', 900, 0), risen('A', -300, 90), risen('C', 100, 30)])
/** In another order, and before C was launched. */
const earlier = known([risen('A', 50, 90), risen('B', 20, 0)], asOf - 100 * day)

const column = (name: string): number => productFeatures.findIndex((feature) => feature.name === name)
const width = 2 * productFeatures.length
const valueOf = (facts: Float32Array, row: number, name: string): number => facts[row * width + column(name)]!
const missing = (facts: Float32Array, row: number, name: string): number =>
  facts[row * width + productFeatures.length + column(name)]!

test('an example sees facts as they were known then, terms as the contract has them', () => {
  const { periods, newest: today, scaling } = productFactsOf(newest, [earlier], asOf)
  const [first, then] = periods
  expect(periods.map(({ from }) => from)).toEqual([-Infinity, asOf - 100 * day])
  expect(scaling.means[column('return_1m')]).toBeCloseTo(35)
  expect(valueOf(then!.facts, 0, 'return_1m')).toBeCloseTo(-1)
  expect(valueOf(then!.facts, 1, 'return_1m')).toBeCloseTo(1)
  expect(missing(then!.facts, 2, 'return_1m')).toBe(1)
  expect(missing(first!.facts, 0, 'return_1m')).toBe(1)
  expect(missing(today, 0, 'return_1m')).toBe(0)
  for (const { facts } of periods)
    for (const row of [0, 1, 2]) expect(valueOf(facts, row, 'lockup')).toBe(valueOf(today, row, 'lockup'))
  expect([...then!.known]).toEqual([0, 1])
})

test('what changes of a product after a period changes nothing in it', () => {
  const risenSince = catalogueOf([risen('B', 5000, 0), risen('A', -5000, 90), risen('C', 0, 30)])
  const [a, b] = [newest, risenSince].map((catalogue) => productFactsOf(catalogue, [earlier], asOf).periods)
  expect(a).toEqual(b)
})

test('without an earlier catalogue today’s returns are not learnt from, and say nothing of a new product either', () => {
  const { newest: today, scaling } = productFactsOf(newest, [], asOf)
  expect(scaling.scales[column('return_1m')]).toBe(0)
  expect([valueOf(today, 0, 'return_1m'), missing(today, 0, 'return_1m')]).toEqual([0, 0])
  expect(scaling.scales[column('lockup')]).toBeGreaterThan(0)
})

test('each example in the period that it falls into; a catalogue from after asOf is left out', () => {
  const { periods } = productFactsOf(newest, [known(newest.products, asOf + day), earlier], asOf)
  expect(periods).toHaveLength(2)
  const instants = Float64Array.from([0, asOf - 100 * day - 1, asOf - 100 * day, asOf])
  expect([...periodsOf(periods, instants)]).toEqual([0, 0, 1, 1])
})
