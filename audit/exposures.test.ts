import { DecisionId, FirmId, InvestorId, ProductId } from '../features/schema/ids.js'
import { randomDecision } from '../tests/randomDecisions.js'
import { systemEntry } from '../tests/systemEntries.js'
import { Commitment, type DecisionEntry, type Entry, entryOf, Pseudonym } from './entry.js'
import { type Exposure, exposureChecker, type ExposureFault, faultsOfExposure } from './exposures.js'

const commitment = Commitment.parse(`hmac-sha256:${'1'.repeat(64)}`)
const [firmId, other] = [FirmId.parse('default'), FirmId.parse('firm-b')]
const [his, hers] = ['1', '2'].map((digit) => Pseudonym.parse(digit.repeat(32))) as [Pseudonym, Pseudonym]
const shownIn = (number: number) => {
  const { outcome } = randomDecision(number).decision
  return outcome.kind === 'refusal' ? [] : outcome.slate
}
const served = [...Array(50).keys()].find((number) => shownIn(number).length >= 2) ?? 0
const [first, second] = shownIn(served)
const entry: DecisionEntry = entryOf(
  { ...randomDecision(served).decision, mode: 'live', at: 1_000_000 },
  {
    ...{ decisionId: DecisionId.parse('d-1'), firmId, pseudonym: his },
    ...{ inputsCommitment: commitment, verdictCommitment: commitment, statementsCommitment: commitment },
  },
)
const shown: Exposure = {
  firmId,
  investorId: InvestorId.parse('i-1'),
  productId: first?.productId ?? ProductId.parse('none'),
  decisionId: entry.decisionId,
  rank: first?.rank ?? 0,
  occurredAt: 1_000_000,
}
const refused: Entry = { ...entry, outcome: { kind: 'refusal', refusal: 'no-assessment', ruleId: null } }

test.each<[string, ExposureFault[], Partial<Exposure>, (Entry | null)?, (Pseudonym | null)?]>([
  ['as it was recorded', [], {}],
  ['five minutes before, by a clock that is behind', [], { occurredAt: 1_000_000 - 300_000 }],
  ['earlier than that', ['before-decision'], { occurredAt: 1_000_000 - 300_001 }],
  ['of a decision that is none', ['unknown-decision'], {}, null],
  ['of an entry that is no decision', ['unknown-decision'], {}, systemEntry(1)],
  ['of another firm, and nothing else is told of it', ['other-firm'], { firmId: other, rank: 99 }],
  ['to another investor', ['other-investor'], {}, entry, hers],
  ['to one of whom nothing was recorded', ['other-investor'], {}, entry, null],
  ['of a historical decision', ['not-live'], {}, { ...entry, mode: 'historical' }],
  ['a product that was not in the slate', ['not-in-slate'], { productId: ProductId.parse('none') }],
  ['anything after a refusal', ['not-in-slate'], {}, refused],
  ['at another rank', ['other-rank'], { rank: second?.rank ?? 0 }],
  [
    'all of it',
    ['other-investor', 'not-live', 'other-rank', 'before-decision'],
    { rank: 99, occurredAt: 0 },
    { ...entry, mode: 'evaluation' },
    hers,
  ],
])('shown: %s', (_, faults, changes, recorded = entry, pseudonym = his) =>
  expect(faultsOfExposure({ ...shown, ...changes }, recorded, pseudonym)).toEqual(faults),
)

test('entries and pseudonyms are read once, of each firm; of an unknown decision nobody is looked for', async () => {
  const [entries, persons]: [string[], string[]] = [[], []]
  const check = exposureChecker(
    {
      get: (id) => {
        entries.push(id)
        return Promise.resolve(id === entry.decisionId ? ({ index: 0, entry, bytes: new Uint8Array() } as never) : null)
      },
    },
    {
      pseudonymOf: (firm, id) => {
        persons.push(`${firm}/${id}`)
        return Promise.resolve(his)
      },
    },
  )
  for (const _ of [1, 2]) {
    expect(await check(shown)).toEqual([])
    expect(await check({ ...shown, decisionId: DecisionId.parse('d-2') })).toEqual(['unknown-decision'])
    expect(await check({ ...shown, firmId: other })).toEqual(['other-firm'])
  }
  expect(entries).toEqual(['d-1', 'd-2'])
  expect(persons).toEqual(['default/i-1', 'firm-b/i-1'])
})
