import { createHash, type KeyObject, sign } from 'node:crypto'
import { z } from 'zod'
import { Digest, FirmId } from '../../features/schema/ids.js'
import { Instant } from '../../features/schema/time.js'
import { encodeCanonical } from '../canonical.js'
import { OfficerKey, OfficerName, PlainText, type Signed } from './officer.js'

const reason = PlainText(500)
/** `installation`: the digest of the first `pack-in-force` entry, so that a signature counts in one ledger alone. */
const here = { installation: Digest }
/** What is changed: the pack of a firm, or (null) of all firms that have none of their own; and from when. */
const change = {
  firmId: FirmId.nullable(),
  /** Null: the firm's own pack ends, and that of all firms judges it. */
  packDigest: Digest.nullable(),
  from: Instant,
}

/** `replaces`: the pack that is in force at `from` without this change. */
export const Proposal = z.strictObject({ ...here, ...change, replaces: Digest, reason, by: OfficerName })
export type Proposal = z.infer<typeof Proposal>

/** The change is repeated, so that whoever signs has it before him. `backtest`: the report that he saw. */
export const Approval = z.strictObject({
  ...here,
  proposal: Digest,
  ...change,
  backtest: z.union([z.strictObject({ report: Digest }), z.strictObject({ omittedBecause: reason })]),
  by: OfficerName,
})
export type Approval = z.infer<typeof Approval>

export const Withdrawal = z.strictObject({ ...here, proposal: Digest, reason })
export type Withdrawal = z.infer<typeof Withdrawal>

/** `revision`: how often the officers were changed before, so that a signature counts once. */
export const OfficersChange = z.strictObject({
  ...here,
  revision: z.int().min(0),
  act: z.enum(['add', 'remove']),
  name: OfficerName,
  publicKey: OfficerKey,
})
export type OfficersChange = z.infer<typeof OfficersChange>

/** What officers sign, by kind. */
export const statements = {
  'rule-proposal': Proposal,
  'rule-approval': Approval,
  'rule-withdrawal': Withdrawal,
  'officers-change': OfficersChange,
} as const
export type Kind = keyof typeof statements
export type StatementOf<K extends Kind> = z.infer<(typeof statements)[K]>

/** The bytes that are signed: a line that names the kind, and the statement as deterministic CBOR. */
export const signedBytes = <K extends Kind>(kind: K, statement: StatementOf<K>): Uint8Array =>
  Buffer.concat([Buffer.from(`aptus ${kind} v1\n`, 'latin1'), encodeCanonical(statements[kind].parse(statement))])

/** By what a proposal is named: SHA-256 of its signed bytes. */
export const proposalDigest = (proposal: Proposal): Digest =>
  `sha256:${createHash('sha256').update(signedBytes('rule-proposal', proposal)).digest('hex')}` as Digest

export const signStatement = <K extends Kind>(
  kind: K,
  statement: StatementOf<K>,
  { by, key }: { readonly by: OfficerName; readonly key: KeyObject },
): Signed => ({ by, signature: sign(null, signedBytes(kind, statement), key).toString('hex') })
