import { type IdentifierCipher } from '../../storage/identifierCipher.js'
import { compareIds, type EventId, type InvestorId } from '../schema/ids.js'
import { type Finances, type Investor } from '../schema/investor.js'
import { type EventRecord, type InvestorRecord } from '../schema/records.js'
import { type LocalDate } from '../schema/time.js'
import { type HeldRows } from './heldOn.js'
import { type Batch, type History, type Interactions } from './port.js'

/** Before the ciphertext of a field that is text, or an object, in clear. */
const mark = 'sealed:'

type OfId = <Id extends InvestorId | EventId>(id: Id) => Id

/** Every id of an event that tells of its investor; that of another event which it takes back is one. */
const eventBy = <T extends EventRecord>(id: OfId, row: T): T => {
  const value = { ...row.value, investorId: id(row.value.investorId), eventId: id(row.value.eventId) }
  return { ...row, value: value.type === 'cancellation' ? { ...value, cancels: id(value.cancels) } : value }
}

/** Ids of investors and events as tokens, dates of birth and finances sealed: what a row holds, and back again. */
export function identifiersOf(cipher: IdentifierCipher) {
  const idOf = <Id extends InvestorId | EventId>(id: Id): Id => cipher.tokenOf(id) as Id
  const ofId = <Id extends InvestorId | EventId>(id: Id): Id => cipher.textOf(id) as Id
  const sealed = <T>(context: string, value: T): T =>
    value === null
      ? value
      : (`${mark}${Buffer.from(cipher.seal(context, Buffer.from(JSON.stringify(value)))).toString('base64')}` as T)
  const opened = <T>(context: string, value: T): T => {
    if (typeof value !== 'string' || !value.startsWith(mark)) return value
    const plain = cipher.open(context, Buffer.from(value.slice(mark.length), 'base64'))
    return JSON.parse(Buffer.from(plain).toString()) as T
  }
  const profile = (value: Investor): Investor => {
    const id = idOf(value.id)
    const birthDate = sealed<LocalDate | null>(`birthDate ${id}`, value.birthDate)
    return { ...value, id, birthDate, finances: sealed<Finances | null>(`finances ${id}`, value.finances ?? null) }
  }
  const ofProfile = (value: Investor): Investor => ({
    ...value,
    id: ofId(value.id),
    birthDate: opened(`birthDate ${value.id}`, value.birthDate),
    finances: opened(`finances ${value.id}`, value.finances),
  })
  return {
    id: idOf,
    ofId,
    profile,
    ofProfile,
    record: ({ knownAt, value }: InvestorRecord): InvestorRecord => ({ knownAt, value: profile(value) }),
    event: (row: EventRecord): EventRecord => eventBy(idOf, row),
    ofRecord: <T extends InvestorRecord>(row: T): T => ({ ...row, value: ofProfile(row.value) }),
    ofEvent: <T extends EventRecord>(row: T): T => eventBy(ofId, row),
  }
}
export type Identifiers = ReturnType<typeof identifiersOf>

/** By the ids in clear, as training has them whether they are encrypted or not. */
function inOrder(found: Interactions, { ofId }: Identifiers): Interactions {
  const ids = found.investorIds.map(ofId)
  const order = ids.map((_, place) => place).sort((a, b) => compareIds(ids[a] ?? '', ids[b] ?? ''))
  const counts = new Int32Array(ids.length)
  for (const investor of found.rows.investor) counts[investor] = (counts[investor] ?? 0) + 1
  const [starts, placeOf] = [new Int32Array(ids.length), new Int32Array(ids.length)]
  let start = 0
  for (const [place, before] of order.entries()) {
    placeOf[before] = place
    starts[before] = start
    start += counts[before] ?? 0
  }
  const { investor, product, at, knownAt, type } = found.rows
  const rows = {
    investor: new Int32Array(investor.length),
    product: new Int32Array(investor.length),
    at: new Float64Array(investor.length),
    knownAt: new Float64Array(investor.length),
    type: new Uint8Array(investor.length),
  }
  for (const [from, of] of investor.entries()) {
    const to = starts[of] ?? 0
    starts[of] = to + 1
    rows.investor[to] = placeOf[of] ?? 0
    rows.product[to] = product[from] ?? 0
    rows.at[to] = at[from] ?? 0
    rows.knownAt[to] = knownAt[from] ?? 0
    rows.type[to] = type[from] ?? 0
  }
  const takenBack = new Map([...(found.takenBack ?? [])].map(([id, some]) => [ofId(id), some]))
  return { ...found, investorIds: order.map((place) => ids[place] as InvestorId), rows, takenBack }
}

/**
 * A history whose rows hold ids as tokens and dates of birth and finances sealed; callers see them in clear. Tokens of
 * equal ids are equal, so joins and conditions go on as before. Where another promises the order of ids, it is that of
 * their tokens here.
 */
export function protectedHistory(below: History, cipher: IdentifierCipher): History {
  const known = identifiersOf(cipher)
  const { id, ofId, ofProfile, ofRecord, ofEvent } = known
  const inClear = ({ profiles, events }: HeldRows): HeldRows => ({
    profiles: profiles.map(ofRecord),
    events: events.map(ofEvent),
  })
  const batchOf = (batch: Batch): Batch => ({
    ...batch,
    investors: (records, source) => batch.investors(records.map(known.record), source),
    events: (records, source) => batch.events(records.map(known.event), source),
  })
  return {
    appendInvestors: (records, source) => below.appendInvestors(records.map(known.record), source),
    appendEvents: async (records, source) => {
      const given = new Map(records.map((record) => [known.event(record), record]))
      const { fresh, ...counts } = await below.appendEvents([...given.keys()], source)
      return { ...counts, fresh: fresh.map((record) => given.get(record) ?? ofEvent(record)) }
    },
    begin: async (source) => batchOf(await below.begin(source)),
    investorAsOf: async (whose, asOf) => {
      const found = await below.investorAsOf(id(whose), asOf)
      return found === null ? null : { ...found, profile: ofProfile(found.profile) }
    },
    accountAsOf: async (whose, asOf) => {
      const found = await below.accountAsOf(id(whose), asOf)
      return found === null ? null : { ...found, profile: ofProfile(found.profile) }
    },
    snapshotsAsOf: async function* (asOf) {
      for await (const batch of below.snapshotsAsOf(asOf))
        yield batch.map((found) => ({ ...found, profile: ofProfile(found.profile) }))
    },
    rows: (pairs, traitsAt) => below.rows({ ...pairs, investorIds: pairs.investorIds.map(id) }, traitsAt, ofProfile),
    interactions: async (asOf) => inOrder(await below.interactions(asOf), known),
    profilesKnown: async function* (asOf) {
      for await (const batch of below.profilesKnown(asOf)) yield batch.map(ofRecord)
    },
    eventsKnown: async function* (asOf) {
      for await (const batch of below.eventsKnown(asOf)) yield batch.map(ofEvent)
    },
    eventIdsSince: async function* (sequence) {
      for await (const batch of below.eventIdsSince(sequence)) yield batch.map(ofId)
    },
    eventIdsOf: async (whose) => (await below.eventIdsOf(id(whose))).map(ofId),
    cancelledIds: async () => (await below.cancelledIds()).map(ofId),
    heldOn: async (whose) => inClear(await below.heldOn(id(whose))),
    held: async function* () {
      for await (const batch of below.held()) yield inClear(batch)
    },
    exposuresTold: async function* (period) {
      for await (const batch of below.exposuresTold(period))
        yield batch.map((told) => ({ ...told, investorId: ofId(told.investorId), eventId: ofId(told.eventId) }))
    },
    exposuresImported: below.exposuresImported,
    sequence: below.sequence,
    newestKnown: below.newestKnown,
    counts: below.counts,
    navsKnown: below.navsKnown,
    navFactsAsOf: below.navFactsAsOf,
    allNavFactsAsOf: below.allNavFactsAsOf,
    eraseInvestor: (whose) => below.eraseInvestor(id(whose)),
    close: below.close,
  }
}
