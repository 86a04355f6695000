import { createHash } from 'node:crypto'
import { type Digest } from '../../features/schema/ids.js'
import { type Instant } from '../../features/schema/time.js'
import { encodeCanonical } from '../canonical.js'
import { type RuleEntry, type RuleEntryOf } from '../ruleEntry.js'
import { type OfficerKey, type OfficerName } from './officer.js'
import { changeOfficers } from './officersChange.js'
import { approve, propose, withdraw } from './proposals.js'
import { RuleFault } from './ruleFault.js'
import { schedule, type Schedules } from './schedule.js'
import { type Approval, type Proposal } from './statement.js'

export type Officer = { readonly name: OfficerName; readonly publicKey: OfficerKey; readonly since: Instant }

export type ProposalStanding = {
  readonly digest: Digest
  readonly proposal: Proposal
  /** The proposer's key: it must still be his when another approves. */
  readonly key: OfficerKey
  readonly proposedAt: Instant
  readonly approved: { readonly approval: Approval; readonly at: Instant } | null
  readonly withdrawn: { readonly by: readonly OfficerName[]; readonly reason: string; readonly at: Instant } | null
}

/** What the ledger's entries about rules come to: nothing else is kept of it, and nothing else decides. */
export type RuleState = {
  /** Digest of the first entry; null where there is none. */
  readonly installation: Digest | null
  readonly entries: number
  readonly lastAt: Instant
  /** By `personOf` their name. */
  readonly officers: ReadonlyMap<string, Officer>
  /** Every key that was ever registered. */
  readonly keys: ReadonlySet<OfficerKey>
  readonly revision: number
  /** Two officers were registered once: from then on the configuration counts no more. */
  readonly fourEyes: boolean
  readonly schedules: Schedules
  readonly proposals: ReadonlyMap<Digest, ProposalStanding>
}

export const noRules: RuleState = {
  installation: null,
  entries: 0,
  lastAt: -8_640_000_000_000_000,
  officers: new Map(),
  keys: new Set(),
  revision: 0,
  fourEyes: false,
  schedules: new Map(),
  proposals: new Map(),
}

/**
 * The state after the next entry. Throws `RuleFault` where the entries before do not allow it: the same check before it
 * is appended, and whenever the ledger is read again.
 */
export function afterRule(state: RuleState, entry: RuleEntry): RuleState {
  if (entry.at <= state.lastAt) throw new RuleFault('clock-behind')
  const installation =
    state.installation ?? (`sha256:${createHash('sha256').update(encodeCanonical(entry)).digest('hex')}` as Digest)
  return { ...changed(state, entry), installation, entries: state.entries + 1, lastAt: entry.at }
}

function changed(state: RuleState, entry: RuleEntry): RuleState {
  switch (entry.type) {
    case 'pack-in-force':
      return configured(state, entry)
    case 'officers-change':
      return changeOfficers(state, entry)
    case 'rule-proposal':
      return propose(state, entry)
    case 'rule-approval':
      return approve(state, entry)
    case 'rule-withdrawal':
      return withdraw(state, entry)
  }
}

function configured(state: RuleState, { firmId, packDigest, at }: RuleEntryOf<'pack-in-force'>): RuleState {
  if (state.fourEyes) throw new RuleFault('four-eyes')
  const change = { firmId, packDigest, from: at, origin: 'configuration' } as const
  return { ...state, schedules: schedule(state.schedules, change) }
}
