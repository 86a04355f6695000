import { type LedgerIndex } from '../../audit/ledger.js'
import { type RuleFaultCode } from '../../audit/rules/ruleFault.js'
import { type Officer, type ProposalStanding } from '../../audit/rules/ruleState.js'
import { type Scheduled } from '../../audit/rules/schedule.js'
import { type Pack } from '../../engine/suitability/pack.js'
import { type PackDiff } from '../../engine/suitability/packDiff.js'
import { type Digest, type FirmId } from '../../features/schema/ids.js'
import { type Instant } from '../../features/schema/time.js'
import { type AskedPack } from './candidate.js'
import { type RuleDocument } from './ruleDocument.js'

/** Whose changes are seen: those of one firm and of all firms, or (`installation`) of every firm. */
export type Sees = FirmId | 'installation'

/** Which rules judge, and how they are changed under four eyes: docs/decisions/0017-four-eyes.md. */
export type RuleService = {
  inForce(sees: Sees): Promise<RulesInForce>
  /** In the order in which they were made. */
  proposals(sees: Sees): Promise<readonly ShownProposal[]>
  /** Records a signed document, durably, or says why it is not taken; only then what it changes is changed. */
  take(sees: Sees, document: RuleDocument): Promise<RuleTaken | RuleRefused>
  /** A pack to be tried on what was recorded, or why it is none. */
  candidate(sees: Sees, asked: AskedPack): Promise<Pack | PackFault>
  /** Where the configuration gives another pack than is in force since two officers were registered, in words. */
  kept(): readonly string[]
}

export type RuleTaken = {
  readonly entryId: string
  readonly ledgerIndex: LedgerIndex
  readonly at: Instant
  /** Of the proposal that the document makes or is about; null of a change of officers. */
  readonly proposal: Digest | null
}
export type RuleRefused = { readonly refused: RuleFaultCode | 'other-firm' } | PackFault
/** What is wrong with a pack, in words. */
export type PackFault = { readonly refused: 'pack'; readonly why: string }

export type RulesInForce = {
  readonly at: Instant
  /** Names this installation in what officers sign. */
  readonly installation: Digest
  /** False: the configuration says which packs are in force. */
  readonly fourEyes: boolean
  readonly officers: readonly Officer[]
  /** How often they were changed. */
  readonly revision: number
  /** The first is that of all firms which have none of their own. */
  readonly packs: readonly FirmPackInForce[]
}
export type FirmPackInForce = {
  readonly firmId: FirmId | null
  /** Null: none of the firm's own as yet, and so are `since` and `origin`. */
  readonly pack: Pack | null
  readonly since: Instant | null
  /** The proposal by which it came into force, or the configuration. */
  readonly origin: Scheduled['origin'] | null
  readonly upcoming: readonly Scheduled[]
}

export type ShownProposal = ProposalStanding & {
  /** `lapsed`: not approved before its instant, or its proposer is no officer any more. */
  readonly status: 'waiting' | 'scheduled' | 'in-force' | 'superseded' | 'withdrawn' | 'lapsed'
  /** Null where a firm's own pack ends. */
  readonly pack: Pack | null
  readonly replaced: Pack
  /** From the pack that is replaced to the one that judges instead. */
  readonly diff: PackDiff
}
