import { type NewestKnown } from '../../features/history/newestKnown.js'
import { type History } from '../../features/history/port.js'
import { type InvestorStore } from '../../features/store/port.js'
import { type Catalogue } from '../../features/schema/catalogue.js'
import { dayNumber, type Instant } from '../../features/schema/time.js'

/** `at`: ms UTC of the newest fact; null: there is none. `seconds`: its age. */
export type SourceFreshness = { readonly source: string; readonly at: Instant | null; readonly seconds: number | null }

const dayMs = 86_400_000
const kinds = { events: 'events', investors: 'profiles' } as const

/** `events:api`, `profiles:import` and so on, the newest NAV (at the end of its day, UTC) and revision of the catalogue. */
export function freshnessOf(
  newest: readonly NewestKnown[],
  catalogue: Catalogue,
  catalogueKnownAt: Instant | null,
  now: Instant,
): readonly SourceFreshness[] {
  const navDay = catalogue.products.reduce<number | null>((most, { facts }) => {
    if (facts === null) return most
    return Math.max(most ?? -Infinity, dayNumber(facts.navDate))
  }, null)
  const sources: readonly (readonly [string, Instant | null])[] = [
    ...newest.map(({ kind, source, knownAt }) => [`${kinds[kind]}:${source}`, knownAt] as const),
    ['nav', navDay === null ? null : (navDay + 1) * dayMs],
    ['catalogue', catalogueKnownAt],
  ]
  return sources.map(([source, at]) => ({ source, at, seconds: at === null ? null : Math.max(0, now - at) / 1000 }))
}

/** Rows of the history that the store has not taken in; null where it does not say. */
export async function storeLagRows({
  history,
  store,
}: {
  readonly history: Pick<History, 'sequence'>
  readonly store: Pick<InvestorStore, 'takenIn'>
}): Promise<number | null> {
  const takenIn = await store.takenIn()
  return takenIn === null ? null : (await history.sequence()) - takenIn
}
