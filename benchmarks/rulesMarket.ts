import { foldEvents } from '../features/definitions/behaviour.js'
import { type Event } from '../features/schema/event.js'
import { type InvestorId, type ProductId } from '../features/schema/ids.js'
import { type Product } from '../features/schema/product.js'
import { type InvestorRecord, type InvestorSnapshot } from '../features/schema/records.js'
import { type Instant } from '../features/schema/time.js'
import { type SimulationOptions } from '../simulation/options.js'
import { simulateMarket } from '../simulation/simulateMarket.js'

export type Market = {
  readonly products: readonly Product[]
  /** As known at the end, with what was bought and redeemed. */
  readonly investors: ReadonlyMap<InvestorId, InvestorSnapshot>
  /** Who viewed something in the last 30 days, in the order of the views: who would have asked for recommendations. */
  readonly visits: readonly InvestorId[]
}

const monthMs = 30 * 86_400_000

/** A simulated market as it stands at its end, in memory. */
export async function marketAtEnd(options: SimulationOptions, end: Instant): Promise<Market> {
  const products = new Map<ProductId, Product>()
  const profiles = new Map<InvestorId, InvestorRecord>()
  const events = new Map<InvestorId, Event[]>()
  const views: { readonly at: Instant; readonly id: InvestorId }[] = []
  await simulateMarket(options, {
    products: (changes) => Promise.resolve(changes.forEach((product) => products.set(product.id, product))),
    investors: (records) => Promise.resolve(records.forEach((record) => profiles.set(record.value.id, record))),
    events: (records) => {
      for (const { value: event } of records) {
        if (event.type === 'view' && event.occurredAt > end - monthMs)
          views.push({ at: event.occurredAt, id: event.investorId })
        if (event.type !== 'purchase' && event.type !== 'redemption') continue
        const own = events.get(event.investorId)
        if (own === undefined) events.set(event.investorId, [event])
        else own.push(event)
      }
      return Promise.resolve()
    },
  })
  const investors = Array.from(profiles, ([id, { value: profile, knownAt }]): [InvestorId, InvestorSnapshot] => {
    return [id, { profile, knownAt, behaviour: foldEvents(events.get(id) ?? []) }]
  })
  return {
    products: [...products.values()],
    investors: new Map(investors),
    visits: views.sort((a, b) => a.at - b.at).map(({ id }) => id),
  }
}
