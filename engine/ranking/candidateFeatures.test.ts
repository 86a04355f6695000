import { candidateFeatures, type CandidateFacts } from './candidateFeatures.js'
import { pastFacts } from './pastFacts.js'
import { type Term } from './terms.js'

const facts: CandidateFacts = {
  rows: Int32Array.of(2, 0, 1),
  scores: [Float64Array.of(3.5, -1, 3.5), null],
  columns: new Map([['age', Float32Array.of(7, 8, 9)]]),
  groups: new Map(),
  past: [],
  investor: pastFacts(4, 10),
  pairs: new Map(),
}

test.each<[string, Term, number[]]>([
  [
    'a score’s logarithm, nothing below 0',
    { of: 'log-score', component: 0, floor: 0.5, times: null },
    [Math.log(4), Math.log(0.5), Math.log(4)],
  ],
  [
    'of an investor of whom the component knows nothing',
    { of: 'log-score', component: 1, floor: 1, times: null },
    [0, 0, 0],
  ],
  ['a place’s logarithm, shared', { of: 'log-rank', component: 0, times: null }, [0, Math.log(3), 0]],
  [
    'times the size of the past',
    { of: 'product', column: 'age', times: 'past.size' },
    [9 * Math.log(4), 7 * Math.log(4), 8 * Math.log(4)],
  ],
  [
    'times the days since the latest purchase',
    { of: 'log-rank', component: 0, times: 'past.idle' },
    [0, Math.log(3) * (Math.log(11) - 4), 0],
  ],
])('%s', (_what, term, expected) => {
  const values = candidateFeatures([term], facts)
  expected.forEach((value, at) => expect(values[at]).toBeCloseTo(value, 9))
})

test('without a past neither its size nor its age says anything', () =>
  expect([...pastFacts(0, Infinity).values()]).toEqual([0, 0]))
