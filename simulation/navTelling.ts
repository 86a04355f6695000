import { inBatches } from '../features/ingest/batches.js'
import { type Sink } from '../features/ingest/sink.js'
import { type Product } from '../features/schema/product.js'
import { type NavRecord } from '../features/schema/records.js'
import { dateOfDayNumber, dayNumber, type Instant } from '../features/schema/time.js'
import { type Supply } from './goods.js'

/**
 * Tells the NAVs behind the facts of products, each once, and known from when the first facts with it were: so facts
 * made of these NAVs are known when the simulation's own are, and equal them.
 */
export function tellNavs(
  { ids, navsBetween }: Supply,
  { navs }: Sink,
): (changes: readonly Product[], knownAt: Instant) => Promise<void> {
  if (navs === undefined) return () => Promise.resolve()
  const ordinalOf = new Map(ids.map((id, ordinal) => [id, ordinal]))
  const toldUpTo = new Map<string, number>()
  function* untold(changes: readonly Product[], knownAt: Instant): Generator<readonly NavRecord[]> {
    for (const { id: productId, facts } of changes) {
      const ordinal = ordinalOf.get(productId)
      if (facts === null || ordinal === undefined) continue
      const upTo = dayNumber(facts.navDate)
      const dated = navsBetween(ordinal, toldUpTo.get(productId) ?? -Infinity, upTo)
      toldUpTo.set(productId, upTo)
      yield dated.map(({ day, nav }) => ({
        knownAt,
        value: { productId, date: dateOfDayNumber(day), nav, isReturn: true },
      }))
    }
  }
  return async (changes, knownAt) => void (await inBatches(untold(changes, knownAt), navs))
}
