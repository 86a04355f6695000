import { z } from 'zod'
import { Digest, FirmId } from '../features/schema/ids.js'
import { Instant } from '../features/schema/time.js'
import { Signed } from './rules/officer.js'
import { Approval, OfficersChange, Proposal, Withdrawal } from './rules/statement.js'

/** Numbered from 1 without a gap: by that they are found, and no two can take the same place. */
const rule = { v: z.literal(1), entryId: z.string().regex(/^rule:[1-9]\d{0,9}$/), at: Instant }
export const ruleEntryId = (number: number): string => `rule:${number}`

const signed = <S extends z.ZodType>(statement: S) => ({ statement, signatures: z.array(Signed).max(16) })

export const OfficerEntry = z.strictObject({ ...rule, type: z.literal('officers-change'), ...signed(OfficersChange) })

/** The configuration gave another pack than was in force: counted only until two officers were registered. */
export const PackInForceEntry = z.strictObject({
  ...rule,
  type: z.literal('pack-in-force'),
  origin: z.literal('configuration'),
  /** Null: the pack of all firms that have none of their own. */
  firmId: FirmId.nullable(),
  /** Null: the firm has no pack of its own any more. */
  packDigest: Digest.nullable(),
})

export const RuleProposalEntry = z.strictObject({ ...rule, type: z.literal('rule-proposal'), ...signed(Proposal) })
export const RuleApprovalEntry = z.strictObject({ ...rule, type: z.literal('rule-approval'), ...signed(Approval) })
export const RuleWithdrawalEntry = z.strictObject({
  ...rule,
  type: z.literal('rule-withdrawal'),
  ...signed(Withdrawal),
})

/** Everything that says which pack judges from when, and who decided that: docs/decisions/0017-four-eyes.md. */
export const ruleEntries = [
  OfficerEntry,
  PackInForceEntry,
  RuleProposalEntry,
  RuleApprovalEntry,
  RuleWithdrawalEntry,
] as const
export const RuleEntry = z.discriminatedUnion('type', ruleEntries)
export type RuleEntry = z.infer<typeof RuleEntry>
export type RuleEntryOf<T extends RuleEntry['type']> = Extract<RuleEntry, { readonly type: T }>
