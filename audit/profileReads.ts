import { type FirmId, type InvestorId } from '../features/schema/ids.js'
import { type Instant } from '../features/schema/time.js'
import { systemEntryId } from './activations.js'
import { type Pseudonym } from './commitment.js'
import { isPersonal } from './entry.js'
import { type Reader } from './personActs.js'
import { type Record } from './record.js'

/** Who was shown personal data, by which operation or command, and when. */
export type Reading = { readonly firmId: FirmId; readonly by: Reader; readonly how: string; readonly at: Instant }

/** Enters what human roles were shown: durable when resolved. If it rejects, nothing may be shown. */
export type ProfileReads = {
  /** What an entry of the firm sealed. Nothing is entered where nothing of it can be shown: his person was erased. */
  readonly ofEntry: (reading: Reading, entryId: string) => Promise<void>
  /** Profiles, by the firm's own ids. Whoever has no pseudonym yet is given one: call it beside no erasure of his. */
  readonly ofInvestor: (reading: Reading, investorId: InvestorId) => Promise<void>
  /** Of persons found by what the ledger sealed of them. */
  readonly ofPersons: (reading: Reading, pseudonyms: Iterable<Pseudonym>) => Promise<void>
  /** A table of many, which names nobody here. */
  readonly ofTable: (reading: Reading, rows: number) => Promise<void>
}

export function profileReads({ ledger, persons }: Pick<Record, 'ledger' | 'persons'>): ProfileReads {
  const enter = async (reading: Reading, pseudonym: Pseudonym, of: string | null): Promise<void> => {
    await ledger.append({ v: 1, type: 'profile-read', entryId: systemEntryId(), ...reading, pseudonym, of })
  }
  return {
    ofEntry: async (reading, entryId) => {
      const found = await ledger.get(entryId)
      if (found === null || !isPersonal(found.entry) || found.entry.firmId !== reading.firmId) return
      const { pseudonym } = found.entry
      if ((await persons.keyOf(pseudonym)) !== null) await enter(reading, pseudonym, entryId)
    },
    ofInvestor: async (reading, investorId) => {
      const { firmId } = reading
      const nothing = { firmId, investorId, entryId: systemEntryId(), parts: {} }
      const known = await persons.pseudonymOf(firmId, investorId)
      await enter(reading, known ?? (await persons.commit(nothing)).pseudonym, null)
    },
    ofPersons: async (reading, pseudonyms) => {
      await Promise.all([...new Set(pseudonyms)].map((pseudonym) => enter(reading, pseudonym, null)))
    },
    ofTable: async (reading, rows) => {
      await ledger.append({ v: 1, type: 'profiles-read', entryId: systemEntryId(), ...reading, rows })
    },
  }
}
