import { type Decision } from '../engine/decision.js'
import { DecisionId, FirmId } from '../features/schema/ids.js'
import { randomDecision } from '../tests/randomDecisions.js'
import { encodeCanonical } from './canonical.js'
import {
  Commitment,
  decisionOf,
  decodeEntry,
  encodeEntry,
  entryOf,
  Pseudonym,
  statementsOf,
  verdictOf,
} from './entry.js'
import { partsOf, sealedOf } from './inputs.js'

const commitment = Commitment.parse(`hmac-sha256:${'1'.repeat(64)}`)
const digest = `sha256:${'3'.repeat(64)}`
const whose = {
  decisionId: DecisionId.parse('d-1'),
  firmId: FirmId.parse('default'),
  pseudonym: Pseudonym.parse('2'.repeat(32)),
  inputsCommitment: commitment,
  verdictCommitment: commitment,
  statementsCommitment: commitment,
}
const decisions = Array.from({ length: 40 }, (_, seed) => randomDecision(seed))

/** All that follows from the profile and was not shown, made another. */
const otherwise = ({ outcome, ...decision }: Decision): Decision => ({
  ...decision,
  retrieval: decision.retrieval === 'exact' ? 'popularity' : 'exact',
  nominated: [...decision.nominated, 7],
  withheld: { total: decision.withheld.total + 1, byRule: { 'CN-MATCH': 12 } },
  verdictDigest: digest as Decision['verdictDigest'],
  outcome:
    outcome.kind === 'refusal'
      ? outcome
      : {
          ...outcome,
          slate: outcome.slate.map((item) => ({
            ...item,
            score: item.score - 1,
            reasons: item.reasons.map(({ code }) => ({ code, params: { 'investor.horizonMonths': 61 } })),
            disclosures: item.disclosures.map(({ code }) => ({ code, params: { days: 99 } })),
          })),
        },
})

test('what stands in clear follows from what was shown alone: scores, search, counts and params change no byte', () => {
  let shown = 0
  for (const { decision } of decisions) {
    const bytes = encodeEntry(entryOf(decision, whose))
    expect(Buffer.compare(encodeEntry(entryOf(otherwise(decision), whose)), bytes)).toBe(0)
    expect(statementsOf(decision)).toHaveLength(decision.outcome.kind === 'refusal' ? 0 : decision.outcome.slate.length)
    if (decision.outcome.kind !== 'refusal') shown += decision.outcome.slate.length
  }
  expect(shown).toBeGreaterThan(20)
})

test.each([1, 2] as const)(
  'version %d: the decision comes back from entry and parts, and gives the same bytes again',
  (v) => {
    for (const { decision, investor, context } of decisions) {
      const parts = partsOf({
        v: 1,
        inputs: { investor, context },
        verdict: verdictOf(decision, v),
        statements: statementsOf(decision, v),
      })
      expect('retrieval' in verdictOf(decision, v)).toBe(v === 2)
      for (const each of statementsOf(decision, v)) expect('score' in each).toBe(v === 2)
      const bytes = encodeEntry(entryOf(decision, whose, v))
      const entry = decodeEntry(bytes)
      if (entry.type !== 'decision') throw new Error('want a decision')
      expect(entry.v).toBe(v)
      const sealed = sealedOf(parts)
      const back = decisionOf(entry, sealed)
      expect(back).toEqual(decision)
      expect(Buffer.compare(encodeEntry(entryOf(back, whose, v)), bytes)).toBe(0)
    }
  },
)

test('an entry of the first version, as it lies in ledgers of then', () => {
  const entry = {
    v: 1,
    type: 'decision',
    ...whose,
    mode: 'live',
    release: digest,
    catalogue: { revision: 3, knownBefore: null, digest },
    packDigest: digest,
    at: 1_778_252_400_000,
    seed: 5,
    scene: 'home',
    size: 10,
    outcome: {
      kind: 'personal',
      slate: [
        { productId: 'P1', rank: 1, score: 846_131, riskLevel: 'R2', reasons: ['LEVEL_FITS'], disclosures: ['PAST'] },
      ],
    },
    retrieval: 'exact',
  } as const
  const verdict = { digest: null, nominated: [4], withheld: { total: 1, byRule: { 'CN-MATCH': 1 } } }
  const statements = [{ reasons: [{ level: 'C4' }], disclosures: [{}] }]
  const kept = decodeEntry(encodeCanonical(entry))
  if (kept.type !== 'decision') throw new Error('want a decision')
  expect(kept).toEqual(entry)
  const decision = decisionOf(kept, { verdict, statements })
  expect(decision).toMatchObject({ retrieval: 'exact', nominated: [4], outcome: { slate: [{ score: 846_131 }] } })
  expect(entryOf(decision, whose, 1)).toEqual(entry)
  // Of the version of today the score is sealed: without it nothing is made up.
  for (const sealed of [statements, []])
    expect(() => decisionOf(entryOf(decision, whose), { verdict, statements: sealed })).toThrow('the score of rank 1')
})
