import { type z } from 'zod'
import { dayOfInstant } from '../features/definitions/calendar.js'
import { type Purchase as PurchaseEvent } from '../features/schema/event.js'
import { at } from './at.js'
import { dot } from './draws.js'
import { allOff, allOn, type Switches } from './options.js'
import { suits } from './person.js'
import { type Recorded, recordMarket, small } from './testMarket.js'
import { type Trends, trendsOn } from './trends.js'

type Purchase = z.infer<typeof PurchaseEvent>

/**
 * Standard errors by which what investors bought lies above what suited them, in a measure of theirs: 0 where behaviour
 * does not depend on it. The mean of the measure over the suitable products is taken at the end of the simulation.
 */
function excess(market: Recorded, measure: (investor: number, product: number) => number): number {
  const { supply, people, market: inner } = market.simulation
  const { buckets } = inner.shelf()
  const differences: number[] = []
  const bought = purchasesBy(market)
  for (const person of people) {
    const purchases = person === null ? [] : (bought.get(person.id) ?? [])
    if (person === null || purchases.length === 0) continue
    const suitable = buckets.filter((bucket) => suits(bucket, person.bounds)).flatMap(({ ordinals }) => [...ordinals])
    const mean = suitable.reduce((sum, product) => sum + measure(person.index, product), 0) / suitable.length
    for (const { productId } of purchases) {
      const product = supply.ids.indexOf(productId)
      if (suitable.includes(product)) differences.push(measure(person.index, product) - mean)
    }
  }
  return standardErrors(differences)
}

const purchasesBy = (market: Recorded): Map<string, Purchase[]> => {
  const by = new Map<string, Purchase[]>()
  for (const { value } of market.events)
    if (value.type === 'purchase') by.set(value.investorId, [...(by.get(value.investorId) ?? []), value])
  return by
}

/** The mean in units of its standard error. */
function standardErrors(differences: readonly number[]): number {
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length
  const variance = differences.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / differences.length
  return mean / Math.sqrt(variance / differences.length)
}

const tasteIn = (market: Recorded): number => {
  const { supply, people } = market.simulation
  return excess(market, (investor, product) => {
    const person = people[investor] ?? null
    return person === null ? 0 : dot(person.taste.latent, at(supply.goods, product).latent)
  })
}
const fameIn = (market: Recorded): number =>
  excess(market, (_, product) => at(market.simulation.supply.goods, product).fame)
const profileIn = (market: Recorded): number =>
  excess(market, (investor, product) => {
    const bucket = market.simulation.market.shelf().bucketOf(product)
    const cap = market.simulation.people[investor]?.bounds.cap ?? 0
    return bucket === null ? 0 : bucket.level - cap
  })
/** Within a kind trends have the mean 0 on each day, so what was bought is compared with that, on its own day. */
const trendIn = (market: Recorded): number => {
  const { supply } = market.simulation
  const known = new Map<number, Trends>()
  const on = (day: number): Trends => {
    const trends = known.get(day) ?? trendsOn(supply, day)
    known.set(day, trends)
    return trends
  }
  return standardErrors(
    [...purchasesBy(market).values()].flat().map(({ productId, occurredAt }) => {
      const day = dayOfInstant(occurredAt)
      return on(day - (day % 7)).within[supply.ids.indexOf(productId)] ?? 0
    }),
  )
}

const withSwitches = (switches: Switches): Promise<Recorded> => recordMarket({ ...small, investors: 1_200, switches })

describe('with all switches off', () => {
  test('what is bought depends on no taste, profile, trend or fame', async () => {
    const market = await withSwitches(allOff)
    for (const z of [tasteIn, fameIn, profileIn, trendIn].map((measure) => measure(market)))
      expect(Math.abs(z)).toBeLessThan(3)
    expect(market.events.some(({ value }) => value.type === 'recurring-plan')).toBe(false)
  })
})

test('with all on it depends on taste and fame', async () => {
  const market = await withSwitches(allOn)
  for (const measure of [tasteIn, fameIn]) expect(measure(market)).toBeGreaterThan(6)
})

test.each([
  ['taste', tasteIn],
  ['salience', fameIn],
  ['profileEffects', profileIn],
  ['trends', trendIn],
] as const)('%s alone shows in its own measure', async (name, measure) => {
  expect(measure(await withSwitches({ ...allOff, [name]: true }))).toBeGreaterThan(3)
})
