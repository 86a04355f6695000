import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { RuleEntry, ruleEntryId } from '../audit/ruleEntry.js'
import { type OfficerKey, officerKeyOf, type OfficerName, type Signed } from '../audit/rules/officer.js'
import { afterRule, noRules, type RuleState } from '../audit/rules/ruleState.js'
import { packAt } from '../audit/rules/schedule.js'
import {
  type Approval,
  type Kind,
  type OfficersChange,
  type Proposal,
  proposalDigest,
  signStatement,
  type StatementOf,
} from '../audit/rules/statement.js'
import { type Digest, type FirmId } from '../features/schema/ids.js'
import { type Instant } from '../features/schema/time.js'

/** An officer as he is himself: with his private key. */
export type Person = { readonly by: OfficerName; readonly key: KeyObject; readonly publicKey: OfficerKey }

export function person(name: string): Person {
  const { privateKey } = generateKeyPairSync('ed25519')
  return { by: name, key: privateKey, publicKey: officerKeyOf(privateKey) }
}
export const named = (somebody: Person, name: string): Person => ({ ...somebody, by: name })

export const digest = (letter: string): Digest => `sha256:${letter.repeat(64)}` as Digest

export const signedBy = <K extends Kind>(kind: K, statement: StatementOf<K>, ...signers: readonly Person[]) => ({
  statement,
  signatures: signers.map((signer): Signed => signStatement(kind, statement, signer)),
})

/** The state after entries given as `[at, type, fields]`, numbered on. */
export type Act = readonly [at: Instant, type: RuleEntry['type'], fields: object]
export const entryAfter = (state: RuleState, [at, type, fields]: Act): RuleEntry =>
  RuleEntry.parse({ v: 1, entryId: ruleEntryId(state.entries + 1), at, type, ...fields })
export const after = (state: RuleState, ...acts: readonly Act[]): RuleState =>
  acts.reduce((before, act) => afterRule(before, entryAfter(before, act)), state)

export const configured = (packDigest: Digest | null, firmId: FirmId | null = null) =>
  ({ origin: 'configuration', firmId, packDigest }) as const

export const installationOf = ({ installation }: RuleState): Digest => {
  if (installation === null) throw new Error('nothing was recorded yet')
  return installation
}

export const adding = (state: RuleState, somebody: Person, ...signers: readonly Person[]) =>
  changingOfficers(state, { act: 'add', name: somebody.by, publicKey: somebody.publicKey }, ...signers)
export const changingOfficers = (
  state: RuleState,
  change: Pick<OfficersChange, 'act' | 'name' | 'publicKey'>,
  ...signers: readonly Person[]
) =>
  signedBy('officers-change', { installation: installationOf(state), revision: state.revision, ...change }, ...signers)

/** A proposal as one would make it on this state. */
export const proposalOn = (
  state: RuleState,
  by: Person,
  change: Pick<Proposal, 'packDigest' | 'from'> & Partial<Proposal>,
): Proposal => ({
  installation: installationOf(state),
  firmId: null,
  replaces: packAt(state.schedules, change.firmId ?? null, change.from) ?? digest('0'),
  reason: 'a reason',
  by: by.by,
  ...change,
})

export const approvalOf = (proposal: Proposal, by: Person, changes: Partial<Approval> = {}): Approval => {
  const { installation, firmId, packDigest, from } = proposal
  const backtest = { omittedBecause: 'no traffic yet' }
  return { installation, proposal: proposalDigest(proposal), firmId, packDigest, from, backtest, by: by.by, ...changes }
}

/** Pack `a` in force from 1000 on, and these officers. */
export function withOfficers(...persons: readonly Person[]): RuleState {
  let state = after(noRules, [1000, 'pack-in-force', configured(digest('a'))])
  persons.forEach((somebody, place) => {
    const signers = place < 2 ? [] : persons.slice(0, 2)
    state = after(state, [1001 + place, 'officers-change', adding(state, somebody, ...signers)])
  })
  return state
}
