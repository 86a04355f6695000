import { inBatches } from '../features/ingest/batches.js'
import { type Nav } from '../features/ingest/csv/nav.js'
import { type Product } from '../features/schema/product.js'
import { type Known } from '../features/schema/records.js'
import { dateOfDayNumber, dayNumber, type Instant } from '../features/schema/time.js'
import { type Supply } from './goods.js'
import { type SimulationSink } from './options.js'

/**
 * Tells the NAVs behind the facts of products, each once, and known from when the first facts with it were: so facts
 * made of these NAVs are known when the simulation's own are, and equal them.
 */
export function tellNavs(
  { ids, navsBetween }: Supply,
  { navs }: SimulationSink,
): (changes: readonly Product[], knownAt: Instant) => Promise<void> {
  if (navs === undefined) return () => Promise.resolve()
  const ordinalOf = new Map(ids.map((id, ordinal) => [id, ordinal]))
  const toldUpTo = new Map<string, number>()
  function* untold(changes: readonly Product[], knownAt: Instant): Generator<readonly Known<Nav>[]> {
    for (const { id: productId, facts } of changes) {
      const ordinal = ordinalOf.get(productId)
      if (facts === null || ordinal === undefined) continue
      const upTo = dayNumber(facts.navDate)
      const dated = navsBetween(ordinal, toldUpTo.get(productId) ?? -Infinity, upTo)
      toldUpTo.set(productId, upTo)
      yield dated.map(({ day, nav }) => ({ knownAt, value: { productId, date: dateOfDayNumber(day), nav } }))
    }
  }
  return async (changes, knownAt) => void (await inBatches(untold(changes, knownAt), navs))
}
