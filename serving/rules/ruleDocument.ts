import { z } from 'zod'
import { Signed } from '../../audit/rules/officer.js'
import { Approval, OfficersChange, Proposal, Withdrawal } from '../../audit/rules/statement.js'
import { InstantText } from '../../features/schema/time.js'

/** The bytes of a pack's YAML in base64; `base`: of the pack that a firm's own one extends. */
export const PackParts = z.strictObject({ own: z.base64().max(700_000), base: z.base64().max(700_000).nullable() })
export type PackParts = z.infer<typeof PackParts>

const signatures = z.array(Signed).max(16)

/** Signed statements as files and requests have them: instants as text. `pack` may be null where it is known already. */
export const ProposalDocument = z.strictObject({
  type: z.literal('rule-proposal'),
  statement: Proposal.extend({ from: InstantText }),
  signatures,
  pack: PackParts.nullable(),
})
export const ApprovalDocument = z.strictObject({
  type: z.literal('rule-approval'),
  statement: Approval.extend({ from: InstantText }),
  signatures,
})
export const WithdrawalDocument = z.strictObject({
  type: z.literal('rule-withdrawal'),
  statement: Withdrawal,
  signatures,
})
export const OfficersDocument = z.strictObject({
  type: z.literal('officers-change'),
  statement: OfficersChange,
  signatures,
})

export const RuleDocument = z.discriminatedUnion('type', [
  ProposalDocument,
  ApprovalDocument,
  WithdrawalDocument,
  OfficersDocument,
])
/** As decoded: instants are ms UTC. */
export type RuleDocument = z.output<typeof RuleDocument>
export type DocumentOf<K extends RuleDocument['type']> = Extract<RuleDocument, { readonly type: K }>
