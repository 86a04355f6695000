import { type Digest } from '../../features/schema/ids.js'
import { type RuleEntryOf } from '../ruleEntry.js'
import { type OfficerName, personOf, type Signed } from './officer.js'
import { least } from './officersChange.js'
import { RuleFault } from './ruleFault.js'
import { type Officer, type ProposalStanding, type RuleState } from './ruleState.js'
import { packAt, schedule, unschedule } from './schedule.js'
import { signersOf } from './signers.js'
import { type Proposal, proposalDigest, type StatementOf } from './statement.js'

/** Throws `RuleFault`. */
export function propose(state: RuleState, entry: RuleEntryOf<'rule-proposal'>): RuleState {
  const { statement: proposal, at } = entry
  const { publicKey: key } = soleSigner(state, entry.type, entry)
  const digest = proposalDigest(proposal)
  if (state.officers.size < least) throw new RuleFault('too-few-officers')
  if (state.proposals.has(digest)) throw new RuleFault('proposal-known')
  if (proposal.from <= at) throw new RuleFault('too-late')
  takesPlace(state, digest, proposal)
  const standing: ProposalStanding = { digest, proposal, key, proposedAt: at, approved: null, withdrawn: null }
  return withStanding(state, standing)
}

/** Throws `RuleFault`. The approver is another person than the proposer, with another key; both are officers now. */
export function approve(state: RuleState, entry: RuleEntryOf<'rule-approval'>): RuleState {
  const { statement: approval, at } = entry
  const approver = soleSigner(state, entry.type, entry)
  const standing = standingOf(state, approval.proposal)
  const { proposal, key, digest } = standing
  const proposer = state.officers.get(personOf(proposal.by))
  if (proposer?.publicKey !== key || standing.approved !== null || standing.withdrawn !== null)
    throw new RuleFault('proposal-closed')
  if (proposer === approver || approver.publicKey === key) throw new RuleFault('same-officer')
  const { firmId, packDigest, from } = proposal
  if (approval.firmId !== firmId || approval.packDigest !== packDigest || approval.from !== from)
    throw new RuleFault('not-as-proposed')
  if (from <= at) throw new RuleFault('too-late')
  const schedules = takesPlace(state, digest, proposal)
  return { ...withStanding(state, { ...standing, approved: { approval, at } }), schedules }
}

/**
 * One officer takes back what waits for approval; what was approved and is not yet in force takes two, as it did to
 * approve it. Throws `RuleFault`.
 */
export function withdraw(state: RuleState, entry: RuleEntryOf<'rule-withdrawal'>): RuleState {
  const { statement, at } = entry
  const signers = signersOf(state, entry.type, entry)
  const standing = standingOf(state, statement.proposal)
  const { proposal, approved, digest } = standing
  if (standing.withdrawn !== null) throw new RuleFault('proposal-closed')
  if (signers.length < (approved === null ? 1 : least)) throw new RuleFault('more-officers')
  const by = signers.map(({ name }): OfficerName => name)
  const withdrawn = withStanding(state, { ...standing, withdrawn: { by, reason: statement.reason, at } })
  if (approved === null) return withdrawn
  if (proposal.from <= at) throw new RuleFault('too-late')
  return { ...withdrawn, schedules: unschedule(state.schedules, proposal.firmId, digest) }
}

/** The schedules with the change in its place. */
function takesPlace({ schedules }: RuleState, digest: Digest, { firmId, packDigest, from, replaces }: Proposal) {
  const replaced = packAt(schedules, firmId, from)
  if (replaced === packDigest) throw new RuleFault('nothing-changes')
  const next = schedule(schedules, { firmId, packDigest, from, origin: digest })
  if (replaced !== replaces) throw new RuleFault('replaces-other')
  return next
}

function soleSigner<K extends 'rule-proposal' | 'rule-approval'>(
  state: RuleState,
  kind: K,
  entry: { readonly statement: StatementOf<K>; readonly signatures: readonly Signed[] },
): Officer {
  const [signer, ...others] = signersOf(state, kind, entry)
  if (signer === undefined || others.length > 0 || personOf(entry.statement.by) !== personOf(signer.name))
    throw new RuleFault('bad-signature')
  return signer
}

function standingOf({ proposals }: RuleState, digest: Digest): ProposalStanding {
  const found = proposals.get(digest)
  if (found === undefined) throw new RuleFault('unknown-proposal')
  return found
}

const withStanding = (state: RuleState, standing: ProposalStanding): RuleState => ({
  ...state,
  proposals: new Map(state.proposals).set(standing.digest, standing),
})
