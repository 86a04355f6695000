import { z } from 'zod'
import { decodeCanonical, encodeCanonical } from './canonical.js'
import { Commitment, Pseudonym } from './commitment.js'
import { DecisionEntry } from './decisionEntry.js'
import { AssessmentEntry, ClassChangeEntry } from './investorEntry.js'
import { ErasureEntry, ProfileReadEntry, ProfilesReadEntry } from './personActs.js'
import { confirmationIdOf, PurchaseCheckEntry, PurchaseConfirmationEntry } from './purchaseEntry.js'
import { ruleEntries } from './ruleEntry.js'
import {
  CatalogueRevisionEntry,
  PromotionEntry,
  RecheckDisagreementEntry,
  ReleaseActivationEntry,
  SoftwareEntry,
} from './systemEntry.js'

export { Commitment, Pseudonym }
export { type Commitments, DecisionEntry, decisionOf, entryOf, statementsOf, verdictOf } from './decisionEntry.js'

/** Entries about a person: each stands under his pseudonym, and commits to what is sealed with his key. */
const personal = [
  DecisionEntry,
  PurchaseCheckEntry,
  PurchaseConfirmationEntry,
  AssessmentEntry,
  ClassChangeEntry,
] as const
export const PersonalEntry = z.discriminatedUnion('type', personal)
export type PersonalEntry = z.infer<typeof PersonalEntry>

/** Entries about a person of which nothing is sealed. */
const aboutPersons = [ProfileReadEntry, ErasureEntry] as const

/** Entries about the installation: what came into force, and by whom. Nothing of them is sealed. */
const ofSystem = [
  ReleaseActivationEntry,
  PromotionEntry,
  CatalogueRevisionEntry,
  SoftwareEntry,
  RecheckDisagreementEntry,
  ProfilesReadEntry,
  ...ruleEntries,
] as const
export const SystemEntry = z.discriminatedUnion('type', ofSystem)
export type SystemEntry = z.infer<typeof SystemEntry>

/** Every type of entry that the ledger takes; readers pick by `type`. A new one joins one of the three lists. */
export const Entry = z.discriminatedUnion('type', [...personal, ...aboutPersons, ...ofSystem])
export type Entry = z.infer<typeof Entry>

/** Stands under a person's pseudonym, whether anything of it is sealed or not. */
export const isPersonal = (entry: Entry): entry is Extract<Entry, { pseudonym: Pseudonym }> => 'pseudonym' in entry

/** Whether an entry sealed anything: a confirmation commits to what its check sealed. */
export const seals = (entry: Entry): entry is Exclude<PersonalEntry, PurchaseConfirmationEntry> =>
  isPersonal(entry) &&
  entry.type !== 'purchase-confirmation' &&
  entry.type !== 'profile-read' &&
  entry.type !== 'erasure'

/** By what an entry is found: one id for each, over all types. */
export function entryIdOf(entry: Entry): string {
  switch (entry.type) {
    case 'decision':
      return entry.decisionId
    case 'purchase-check':
      return entry.checkId
    case 'purchase-confirmation':
      return confirmationIdOf(entry.checkId, entry.place)
    case 'assessment':
      return entry.assessmentId
    case 'class-change':
      return entry.changeId
    default:
      return entry.entryId
  }
}

export const encodeEntry = (entry: Entry): Uint8Array => encodeCanonical(entry)

/** The entry of canonical bytes. Throws CanonicalError, or zod's error with a path to each fault. */
export const decodeEntry = (bytes: Uint8Array): Entry => Entry.parse(decodeCanonical(bytes))
