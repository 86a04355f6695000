import { dayOfInstant } from '../features/definitions/calendar.js'
import { foldTrades, holdingsOf } from '../features/definitions/holdings.js'
import { type Event } from '../features/schema/event.js'
import { at } from './at.js'
import { recordMarket, small } from './testMarket.js'

/** Whoever reads the events alone comes to what the simulated investors hold, lot by lot. */
test('the events fold into what each investor holds', async () => {
  const { events, simulation } = await recordMarket({ ...small, investors: 400, days: 400 })
  const { people, supply } = simulation
  const byInvestor = new Map<string, Event[]>(people.map((person) => [person?.id ?? '', []]))
  for (const { value } of events) byInvestor.get(value.investorId)?.push(value)

  const seen = { lots: 0, partlyRedeemed: 0, plans: 0 }
  for (const person of people) {
    if (person === null) continue
    const own = byInvestor.get(person.id) ?? []
    const { positions, plans } = holdingsOf(foldTrades(own))
    const held = new Map(
      person.holdings.positions().map(({ product, lots }) => [
        at(supply.ids, product),
        // Hundredths of a unit, which the events tell in millionths.
        lots.filter(({ units }) => units > 0).map(({ day, units }) => [day, units * 10_000]),
      ]),
    )
    const folded = new Map(
      positions.map(({ productId, lots }) => [
        productId,
        lots.map(({ boughtAt, unitsMicros }) => [dayOfInstant(boughtAt), unitsMicros]),
      ]),
    )
    expect(folded).toEqual(held)
    expect(positions.filter(({ unmatchedRedemptions }) => unmatchedRedemptions > 0)).toEqual([])
    expect(plans.map(({ productId, amount }) => [productId, amount?.minor]).sort()).toEqual(
      person.plans.map(({ product, minor }) => [at(supply.ids, product), minor]).sort(),
    )
    seen.plans += plans.length
    for (const { productId, lots } of positions) {
      seen.lots += lots.length
      const bought = own.filter((event) => event.type === 'purchase' && event.productId === productId)
      const whole = new Set(bought.map((event) => (event.type === 'purchase' ? event.unitsMicros : null)))
      seen.partlyRedeemed += lots.filter(({ unitsMicros }) => !whole.has(unitsMicros)).length
    }
  }
  expect(seen.lots).toBeGreaterThan(300)
  expect(seen.partlyRedeemed).toBeGreaterThan(10)
  expect(seen.plans).toBeGreaterThan(10)
})
