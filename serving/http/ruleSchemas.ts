import { z } from 'zod'
import { OfficerKey, OfficerName } from '../../audit/rules/officer.js'
import { Approval, Proposal } from '../../audit/rules/statement.js'
import { Digest, FirmId } from '../../features/schema/ids.js'
import { InstantText } from '../../features/schema/time.js'
import { Problem } from './schemas.js'

/** Rules in force, and their changes under four eyes, as JSON has them. Requests: serving/rules/ruleDocument.ts. */
const count = z.int().min(0)

export const ProposalPath = z.strictObject({ digest: Digest })

const PackNamed = z.strictObject({ digest: Digest, id: z.string(), version: count })
const UpcomingPack = z.strictObject({ from: InstantText, packDigest: Digest.nullable(), proposal: Digest })

export const RulesInForceAnswer = z.strictObject({
  at: InstantText,
  /** What officers sign names it: a signature counts in one installation alone. */
  installation: Digest,
  /** False: the configuration says which packs are in force, until two officers are registered. */
  fourEyes: z.boolean(),
  officers: z.array(z.strictObject({ name: OfficerName, publicKey: OfficerKey, since: InstantText })),
  officersRevision: count,
  /** The first is that of all firms which have none of their own (`firmId` null); then the caller's own. */
  packs: z.array(
    z.strictObject({
      firmId: FirmId.nullable(),
      pack: PackNamed.nullable(),
      since: InstantText.nullable(),
      origin: z.union([Digest, z.literal('configuration')]).nullable(),
      upcoming: z.array(UpcomingPack),
    }),
  ),
})

const Change = z.strictObject({ field: z.string(), from: z.unknown(), to: z.unknown() })
const Changes = z.array(Change).readonly()
const Names = z.array(z.string()).readonly()
const ListChange = z.strictObject({
  added: Names,
  removed: Names,
  changed: z.array(z.strictObject({ id: z.string(), fields: Changes })).readonly(),
})

export const ShownRuleProposal = z.strictObject({
  digest: Digest,
  status: z.enum(['waiting', 'scheduled', 'in-force', 'superseded', 'withdrawn', 'lapsed']),
  statement: Proposal.extend({ from: InstantText }),
  proposedAt: InstantText,
  pack: PackNamed.nullable(),
  replaced: PackNamed,
  /** From the pack that is replaced to the one that judges instead. */
  diff: z.strictObject({
    fields: Changes,
    terms: Changes,
    rules: ListChange,
    confirmations: ListChange,
    standards: ListChange,
  }),
  approval: z.strictObject({ statement: Approval.extend({ from: InstantText }), at: InstantText }).nullable(),
  withdrawal: z.strictObject({ by: z.array(OfficerName), reason: z.string(), at: InstantText }).nullable(),
})
export const RuleProposalsAnswer = z.strictObject({ items: z.array(ShownRuleProposal) })

export const RuleTakenAnswer = z.strictObject({
  proposal: Digest,
  at: InstantText,
  entryId: z.string(),
  ledgerIndex: count,
})

/** `reason` by name, `why` in words; both absent where an Idempotency-Key was reused. */
export const RuleChangeRefused = Problem.extend({ reason: z.string().optional(), why: z.string().optional() })
