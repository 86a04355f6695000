import { type Catalogue } from '../features/schema/catalogue.js'
import { type EventRecord, type InvestorAccount, type InvestorRecord } from '../features/schema/records.js'
import { type Product } from '../features/schema/product.js'
import { type Instant, type LocalDate } from '../features/schema/time.js'
import { memoryStore } from '../features/store/memory.js'
import { recordMarket } from '../simulation/testMarket.js'
import { catalogueOf } from './realCatalogue.js'

export type FeatureMarket = {
  /** After the last day: everything is known. */
  readonly at: Instant
  readonly catalogue: Catalogue
  readonly accounts: readonly InvestorAccount[]
  readonly profiles: readonly InvestorRecord[]
  /** In the order in which they became known. */
  readonly events: readonly EventRecord[]
}

/** A simulated market, folded as a store folds it. */
export async function featureMarket(investors: number, days: number, endDay: LocalDate): Promise<FeatureMarket> {
  const recorded = await recordMarket({ seed: 401, products: 4000, investors, days, endDay })
  const products = new Map<string, Product>()
  for (const { changes } of recorded.revisions) for (const product of changes) products.set(product.id, product)
  const store = memoryStore()
  await store.putProfiles(recorded.investors)
  await store.addEvents(recorded.events)
  const ids = await store.ids(investors)
  return {
    at: Date.parse(`${endDay}T15:00:00Z`),
    catalogue: catalogueOf([...products.values()]),
    accounts: (await Promise.all(ids.map(store.account))).flatMap((account) => account ?? []),
    profiles: recorded.investors,
    events: recorded.events,
  }
}
