import { type History } from '../features/history/port.js'
import { type Instant } from '../features/schema/time.js'

type Reads = Omit<History, 'appendInvestors' | 'appendEvents' | 'begin' | 'sequence' | 'eraseInvestor' | 'close'>

/** A history's reads, each after `ready` has let it see all that was known before the instant it asks about; null: all. */
export const readsAfter = (below: History, ready: (asOf: Instant | null) => Promise<void>): Reads => ({
  investorAsOf: async (id, asOf) => {
    await ready(asOf)
    return below.investorAsOf(id, asOf)
  },
  accountAsOf: async (id, asOf) => {
    await ready(asOf)
    return below.accountAsOf(id, asOf)
  },
  snapshotsAsOf: async function* (asOf) {
    await ready(asOf)
    yield* below.snapshotsAsOf(asOf)
  },
  rows: async function* (pairs, traitsAt, opened) {
    await ready(pairs.at.reduce((most, at) => Math.max(most, at), -8.64e15))
    yield* below.rows(pairs, traitsAt, opened)
  },
  interactions: async (asOf) => {
    await ready(asOf)
    return below.interactions(asOf)
  },
  profilesKnown: async function* (asOf) {
    await ready(asOf)
    yield* below.profilesKnown(asOf)
  },
  eventsKnown: async function* (asOf) {
    await ready(asOf)
    yield* below.eventsKnown(asOf)
  },
  eventIdsSince: async function* (sequence) {
    await ready(null)
    yield* below.eventIdsSince(sequence)
  },
  eventIdsOf: async (id) => {
    await ready(null)
    return below.eventIdsOf(id)
  },
  heldOn: async (id) => {
    await ready(null)
    return below.heldOn(id)
  },
  held: async function* () {
    await ready(null)
    yield* below.held()
  },
  // NAVs come by imports alone, and those go straight into the history.
  navsKnown: below.navsKnown,
  navFactsAsOf: below.navFactsAsOf,
  allNavFactsAsOf: below.allNavFactsAsOf,
  cancelledIds: async () => {
    await ready(null)
    return below.cancelledIds()
  },
  exposuresTold: async function* (period) {
    await ready(null)
    yield* below.exposuresTold(period)
  },
  exposuresImported: async (period) => {
    await ready(null)
    return below.exposuresImported(period)
  },
  newestKnown: async () => {
    await ready(null)
    return below.newestKnown()
  },
  counts: async () => {
    await ready(null)
    return below.counts()
  },
})
