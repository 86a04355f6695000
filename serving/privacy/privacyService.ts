import { type Pseudonym } from '../../audit/commitment.js'
import { type Reading } from '../../audit/profileReads.js'
import { type InvestorId } from '../../features/schema/ids.js'
import { type PersonalData } from './personalData.js'

/** Whose personal data of which firm was read, by whom and how; the service says when. */
export type Read = Omit<Reading, 'at'>

/** What is owed to the persons whose data is held. */
export type PrivacyService = {
  /** Everything that is held on a person, read for `read.by`, and recorded so; null where nothing is. */
  personalData(read: Read, investorId: InvestorId): Promise<PersonalData | null>
  /** Enters that a human role is shown personal data. Awaited before it is: it rejects where it cannot be entered. */
  readonly reads: {
    /** What an entry of the ledger sealed. */
    ofEntry(read: Read, entryId: string): Promise<void>
    /** Profiles; whoever is unknown, or is being erased, is passed over: nothing of him is shown. */
    ofInvestors(read: Read, ids: readonly InvestorId[]): Promise<void>
    /** Persons whom the search found, by what the ledger sealed of them. */
    ofPersons(read: Read, pseudonyms: Iterable<Pseudonym>): Promise<void>
    /** A table of many persons. */
    ofTable(read: Read, rows: number): Promise<void>
  }
}
