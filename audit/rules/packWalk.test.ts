import { type Mode } from '../../engine/decision.js'
import { DecisionId, FirmId, PurchaseCheckId } from '../../features/schema/ids.js'
import {
  adding,
  approvalOf,
  configured,
  digest,
  entryAfter,
  person,
  proposalOn,
  signedBy,
} from '../../tests/officers.js'
import { randomDecision } from '../../tests/randomDecisions.js'
import { systemEntry } from '../../tests/systemEntries.js'
import { Commitment, type Entry, entryOf, Pseudonym } from '../entry.js'
import { type RuleEntry } from '../ruleEntry.js'
import { packWalk } from './packWalk.js'
import { afterRule, noRules, type RuleState } from './ruleState.js'

const [li, wang] = [person('Li Na'), person('Wang Wei')]
const [common, own] = [FirmId.parse('default'), FirmId.parse('firm-b')]
const pseudonym = Pseudonym.parse('2'.repeat(32))
const commitment = Commitment.parse(`hmac-sha256:${'1'.repeat(64)}`)

const { decision } = randomDecision(1)
const decided = (
  at: number,
  pack: string,
  { mode = 'live', firmId = common }: { mode?: Mode; firmId?: FirmId } = {},
): Entry =>
  entryOf(
    { ...decision, at, mode, packDigest: digest(pack) },
    {
      decisionId: DecisionId.parse('d-1'),
      firmId,
      pseudonym,
      inputsCommitment: commitment,
      verdictCommitment: commitment,
      statementsCommitment: commitment,
    },
  )
const checked = (at: number, pack: string): Entry => ({
  v: 1,
  type: 'purchase-check',
  checkId: PurchaseCheckId.parse('p-1'),
  firmId: common,
  pseudonym,
  commitment,
  catalogue: decision.catalogue,
  packDigest: digest(pack),
  at,
})

/** A ledger's entries about rules, each as it comes after the ones before it. */
const acting = (): {
  readonly state: () => RuleState
  readonly act: (...act: Parameters<typeof entryAfter>[1]) => RuleEntry
} => {
  let state = noRules
  return {
    state: () => state,
    act: (...act) => {
      const entry = entryAfter(state, act)
      state = afterRule(state, entry)
      return entry
    },
  }
}

/** Pack `a` from 1000 on and two officers; then `b` from 5000 on, approved at 1300. */
function changed(): { readonly opening: readonly RuleEntry[]; readonly change: readonly RuleEntry[] } {
  const { state, act } = acting()
  const opening = [
    act(1000, 'pack-in-force', configured(digest('a'))),
    act(1001, 'officers-change', adding(state(), li)),
    act(1002, 'officers-change', adding(state(), wang)),
  ]
  const proposal = proposalOn(state(), li, { packDigest: digest('b'), from: 5000 })
  const change = [
    act(1200, 'rule-proposal', signedBy('rule-proposal', proposal, li)),
    act(1300, 'rule-approval', signedBy('rule-approval', approvalOf(proposal, wang), wang)),
  ]
  return { opening, change }
}
const walked = (...entries: readonly Entry[]): readonly boolean[] => entries.map(packWalk())

test('each decision is held to the pack that was in force at its instant', () => {
  const { opening, change } = changed()
  const rules = [...opening, ...change]
  expect(walked(...rules).every((holds) => holds)).toBe(true)
  const judged = [decided(4999, 'a'), decided(4999, 'b'), decided(5000, 'b'), decided(5000, 'a'), checked(5001, 'a')]
  expect(walked(...rules, ...judged).slice(rules.length)).toEqual([true, false, true, false, false])
})

test('what an earlier version recorded, and what names no pack, is passed over', () => {
  expect(walked(decided(500, 'c'), checked(500, 'c'), systemEntry(1))).toEqual([true, true, true])
  const { opening } = changed()
  expect(walked(...opening, systemEntry(2)).at(-1)).toBe(true)
})

test('a firm of its own pack is held to that', () => {
  const { act } = acting()
  const rules = [
    act(1000, 'pack-in-force', configured(digest('a'))),
    act(2000, 'pack-in-force', configured(digest('f'), own)),
  ]
  const of = (firmId: FirmId, pack: string) => decided(3000, pack, { firmId })
  const judged = [of(own, 'f'), of(own, 'a'), of(common, 'a'), of(common, 'f')]
  expect(walked(...rules, ...judged).slice(rules.length)).toEqual([true, false, true, false])
})

test('a change that binds at what was judged, or before it, is told; offline decisions hold nothing up', () => {
  const { opening, change } = changed()
  const afterJudging = (judged: Entry) => walked(...opening, judged, ...change).slice(opening.length + 1)
  for (const judged of [decided(5000, 'a'), decided(6000, 'a'), checked(5000, 'a')])
    expect(afterJudging(judged)).toEqual([true, false])
  expect(afterJudging(decided(4999, 'a'))).toEqual([true, true])
  for (const mode of ['historical', 'evaluation'] as const)
    expect(afterJudging(decided(6000, 'a', { mode }))).toEqual([true, true])
})

test('it is the newest of what was judged that counts', () => {
  const { opening, change } = changed()
  expect(walked(...opening, decided(6000, 'a'), decided(4000, 'a'), ...change).at(-1)).toBe(false)
})

test('an entry about rules that is not allowed is told, and changes nothing', () => {
  const { opening, change } = changed()
  const [proposal, approval] = change as [RuleEntry, RuleEntry]
  const alone = {
    ...approval,
    statement: { ...(approval as { statement: object }).statement, from: 4000 },
  } as RuleEntry
  const found = walked(...opening, alone, proposal, approval, decided(4000, 'b'), decided(5000, 'b'))
  expect(found.slice(opening.length)).toEqual([false, true, true, false, true])
})
