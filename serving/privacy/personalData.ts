import { join } from 'node:path'
import { openedEntries, type PersonEntry, placesOf } from '../../audit/personEntries.js'
import { type Pseudonym } from '../../audit/commitment.js'
import { type Record } from '../../audit/record.js'
import { type Search } from '../../audit/search/search.js'
import { holdingsOf } from '../../features/definitions/holdings.js'
import { traitsIn } from '../../features/definitions/traits.js'
import { type FeatureValue, storedFeatureValues } from '../../features/definitions/vectors.js'
import { type HeldRows } from '../../features/history/heldOn.js'
import { type Event } from '../../features/schema/event.js'
import { type FirmId, type InvestorId } from '../../features/schema/ids.js'
import { type InvestorAccount } from '../../features/schema/records.js'
import { type Instant } from '../../features/schema/time.js'
import { rejectedLinesOf } from '../forgetRejected.js'
import { folders, type Home } from '../home.js'
import { keyOf, ownerOf } from '../investorKey.js'
import { type Investors } from '../investors.js'
import { type KnownInvestor } from '../service.js'
import { type Learnt, learntFrom } from './learntFrom.js'

/** Everything that is held on a person, by the places that hold it. Ids are those of his firm. */
export type PersonalData = {
  readonly firmId: FirmId
  readonly investorId: InvestorId
  readonly at: Instant
  /** An erasure was begun and not finished: what is left of him. */
  readonly erasureUnderWay: boolean
  /** The history: every revision of the profile and every event, with the instant from which it was known. */
  readonly history: HeldRows
  /** The online store: what the next recommendation reads, and the features that follow. Null: nothing is there. */
  readonly now: (KnownInvestor & { readonly features: readonly FeatureValue[] }) | null
  /** The ledger, and what is sealed with his key. */
  readonly recorded: { readonly pseudonym: Pseudonym | null; readonly entries: readonly PersonEntry[] }
  /** Lines of imports that nobody could read, and that hold his id. */
  readonly rejectedLines: readonly { readonly file: string; readonly line: string }[]
  readonly learntFrom: readonly Learnt[]
}

export type PersonalDataPorts = {
  readonly home: Home
  readonly record: Record
  readonly investors: Investors
  /** The search's files, brought up to date. */
  readonly read: Search['read']
}

/** Null where nothing is held on him. */
export async function personalData(
  { home, record, investors, read }: PersonalDataPorts,
  { firmId, investorId }: { readonly firmId: FirmId; readonly investorId: InvestorId },
  at: Instant,
): Promise<PersonalData | null> {
  const key = keyOf(firmId, investorId)
  const [rows, account, pseudonym, rejectedLines] = [
    await home.history.heldOn(key),
    await investors.account(key),
    await record.persons.pseudonymOf(firmId, investorId),
    await rejectedLinesOf(join(home.dir, folders.imports), { firmId, investorId }),
  ]
  const isHeld = rows.profiles.length + rows.events.length + rejectedLines.length > 0
  if (!isHeld && account === null && pseudonym === null) return null
  const places = pseudonym === null ? [] : await read((database, from) => placesOf(database, from, pseudonym))
  const features = account === null ? [] : storedFeatureValues(account, at, traitsIn(await home.catalogueLog.head()))
  return {
    firmId,
    investorId,
    at,
    erasureUnderWay: home.erasures.has(firmId, investorId),
    history: rowsOfFirm(rows, investorId),
    now: account === null ? null : { ...seenByFirm(account, investorId), features },
    recorded: { pseudonym, entries: await openedEntries(record, places) },
    rejectedLines,
    learntFrom: await learntFrom(home, rows),
  }
}

/** Ids as his firm gave them, without the firm's own prefix. */
const rowsOfFirm = ({ profiles, events }: HeldRows, id: InvestorId): HeldRows => ({
  profiles: profiles.map((row) => ({ ...row, value: { ...row.value, id } })),
  events: events.map((row) => ({
    ...row,
    value: eventOfFirm(row.value, id),
  })),
})

const seenByFirm = ({ profile, knownAt, behaviour, trades }: InvestorAccount, id: InvestorId): KnownInvestor => ({
  profile: { ...profile, id },
  knownAt,
  behaviour,
  holdings: holdingsOf(trades),
})

const eventOfFirm = (event: Event, investorId: InvestorId): Event => {
  const value = { ...event, investorId, eventId: ownerOf(event.eventId).id }
  return value.type === 'cancellation' ? { ...value, cancels: ownerOf(value.cancels).id } : value
}
