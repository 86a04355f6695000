import { DecisionId, Digest, FirmId, ProductId } from '../../features/schema/ids.js'
import { type Investor } from '../../features/schema/investor.js'
import { account, accountOfLowest, at, check } from '../../tests/purchaseCase.js'
import { randomDecision } from '../../tests/randomDecisions.js'
import { systemEntry } from '../../tests/systemEntries.js'
import { encodeCanonical } from '../canonical.js'
import { Commitment, type Entry, entryOf, Pseudonym, verdictOf } from '../entry.js'
import { columns, type Row } from './columns.js'
import { rowOf, type Sealed } from './row.js'

const commitment = Commitment.parse(`hmac-sha256:${'1'.repeat(64)}`)
const pseudonym = Pseudonym.parse('2'.repeat(32))
const firmId = FirmId.parse('default')
const packDigest = Digest.parse(`sha256:${'3'.repeat(64)}`)
const catalogue = { revision: 4, knownBefore: null, digest: packDigest }
const commitments = { inputsCommitment: commitment, verdictCommitment: commitment, statementsCommitment: commitment }
const named = { firmId, pseudonym, commitment, packDigest, at }

const rowFor = (entry: Entry, sealed: Sealed): Row => rowOf({ index: 3, entry, bytes: new Uint8Array() }, sealed)
const sealedAs = (facts: object): Sealed => ({ facts: encodeCanonical(facts) })
/** What stands in the cells of what is sealed. */
const personalIn = (row: Row): object =>
  Object.fromEntries(
    columns.flatMap(({ name, personal }) => (personal && row[name] !== null ? [[name, row[name]]] : [])),
  )

const decided = (kind: 'personal' | 'refusal') => {
  const number = [...Array(200).keys()].find((each) => {
    const { outcome } = randomDecision(each).decision
    return outcome.kind === kind && (outcome.kind === 'refusal' || outcome.slate.length > 1)
  })
  const { decision } = randomDecision(number ?? 0)
  const who = { decisionId: DecisionId.parse('d-1'), firmId, pseudonym, ...commitments }
  return { decision, entry: entryOf(decision, who) }
}

test('a decision: what was shown by rank, and what was withheld by rule, in the order of their names', () => {
  const { decision, entry } = decided('personal')
  const { investor } = randomDecision(1)
  const withheld = { total: 5, byRule: { 'CN-B': 2, 'CN-A': 3 } }
  const parts = {
    inputs: encodeCanonical({ investor: { ...investor, profile: account('C3').profile }, context: {} }),
    verdict: encodeCanonical({ ...verdictOf(decision), withheld }),
  }
  if (entry.outcome.kind === 'refusal') throw new Error('want a slate')
  const turned = { ...entry, outcome: { ...entry.outcome, slate: [...entry.outcome.slate].reverse() } } as Entry
  const row = rowFor(turned, parts)
  const ids = entry.outcome.slate.map(({ productId }) => productId)
  expect(row).toMatchObject({
    ...{ ledger_index: 3, entry_id: 'd-1', type: 'decision', firm: 'default', pseudonym, at_ms: entry.at },
    ...{ mode: entry.mode, scene: entry.scene, outcome: 'personal', refusal: null, refused_by: null },
    ...{ release: entry.release, pack: entry.packDigest, catalogue_revision: entry.catalogue.revision },
    ...{ products: ` ${ids.join(' ')} `, sealed: 'kept' },
  })
  expect(personalIn(row)).toMatchObject({
    ...{ rules: ' withheld/CN-A withheld/CN-B ', withheld: '{"CN-A":3,"CN-B":2}', withheld_total: 5 },
    ...{ level: 'C3', investor_class: 'ordinary' },
  })
  const none = { ...parts, verdict: encodeCanonical({ ...verdictOf(decision), withheld: { total: 0, byRule: {} } }) }
  expect(rowFor(turned, none)).toMatchObject({ rules: null, withheld: '{}', withheld_total: 0 })
})

test('a refusal shows nothing, and names its rule', () => {
  const { entry } = decided('refusal')
  if (entry.outcome.kind !== 'refusal') throw new Error('want a refusal')
  const { refusal, ruleId } = entry.outcome
  expect(rowFor(entry, 'lost')).toMatchObject({ outcome: 'refusal', refusal, refused_by: ruleId, products: null })
})

test('whatever is gone stands in no cell', () => {
  for (const sealed of ['erased', 'lost', null] as const) {
    const row = rowFor(decided('personal').entry, sealed)
    expect([row.sealed, personalIn(row)]).toEqual([sealed, {}])
  }
})

test('an entry about the installation has its revision and nobody', () => {
  const row = rowFor(systemEntry(9), null)
  expect(row).toMatchObject({
    type: 'catalogue-revision',
    catalogue_revision: 9,
    firm: null,
    pseudonym: null,
    pack: null,
  })
  expect([row.mode, row.scene, row.outcome, row.refusal, row.refused_by, row.products, row.release]).toEqual(
    Array(7).fill(null),
  )
})

const checked = { v: 1, type: 'purchase-check', checkId: 'p-1', ...named, catalogue } as unknown as Entry
const assessed = { v: 1, type: 'assessment', assessmentId: 'a-1', ...named } as unknown as Entry
const changed = { v: 1, type: 'class-change', changeId: 'c-1', ...named } as unknown as Entry

test('a purchase check: what was asked for, the verdict, and by which rules', () => {
  const who = account('C2')
  const facts = { investor: who, check: check(who, 'R3', { at }) }
  const { findings, warnings, verdict } = facts.check
  const rules = [
    ...findings.map(({ ruleId }) => `blocked/${ruleId}`),
    ...warnings.map(({ ruleId }) => `warned/${ruleId}`),
  ]
  expect(rules.length).toBeGreaterThan(0)
  const row = rowFor(checked, sealedAs(facts))
  expect(row).toMatchObject({ entry_id: 'p-1', catalogue_revision: 4, pack: packDigest, outcome: null, release: null })
  expect(personalIn(row)).toMatchObject({
    ...{ product: ProductId.parse('fund-R3'), verdict, rules: ` ${rules.join(' ')} `, level: 'C2' },
  })
})

test('an assessment tells the level after it, a change of class how it ended and the class before', () => {
  const [before, after] = [account('C2').profile, account('C4').profile]
  expect(personalIn(rowFor(assessed, sealedAs({ before, after })))).toMatchObject({ level: 'C4' })
  for (const [granted, verdict] of [
    [true, 'granted'],
    [false, 'not-granted'],
  ] as const)
    expect(personalIn(rowFor(changed, sealedAs({ before, verdict: { granted } })))).toMatchObject({
      level: 'C2',
      verdict,
    })
})

test.each<[string, Investor, object]>([
  ['of no loss', accountOfLowest().profile, { level: 'C1-min' }],
  ['without an assessment', { ...account('C3').profile, riskAssessment: null }, { level: 'none' }],
  ['of 46 that day', { ...account('C3').profile, birthDate: '1980-05-08' }, { age_band: '45–54' }],
  ['of 44 until tomorrow', { ...account('C3').profile, birthDate: '1981-05-09' }, { age_band: '35–44' }],
  ['born on that day', { ...account('C3').profile, birthDate: '2026-05-08' }, { age_band: 'under 25' }],
  ['not yet born', { ...account('C3').profile, birthDate: '2026-05-09' }, { age_band: 'unknown' }],
  ['of no known age', { ...account('C3').profile, birthDate: null }, { age_band: 'unknown' }],
  ['of a profession', { ...account('C3').profile, investorClass: 'professional' }, { investor_class: 'professional' }],
])('somebody %s', (_, after, told) =>
  expect(personalIn(rowFor(assessed, sealedAs({ before: after, after })))).toMatchObject(told),
)
