import { seeded } from '../../tests/randomMarket.js'
import { type Candidate, failedGates, gatesOf, type GuardedMetric, normalQuantile } from './gates.js'

const metric = (changes: Partial<GuardedMetric> = {}): GuardedMetric => ({
  name: 'ndcg',
  segment: 'all',
  better: 'higher',
  candidate: { value: 0.31 },
  other: { value: 0.3 },
  difference: { value: 0.01, low: -0.01, high: 0.03 },
  ...changes,
})
const sound: Candidate = {
  against: { words: 'run-1', isIncumbent: true },
  metrics: [metric(), metric({ segment: 'level C3' })],
  shown: { violations: 0, disagreements: 0, total: 1000 },
  parity: { scores: 100, largest: 3e-7 },
  timesScan: 1.4,
  decide: { p99Ms: 4, mostMs: 50, decisions: 1000 },
}
const failed = (changes: Partial<Candidate>): string[] =>
  failedGates(gatesOf({ ...sound, ...changes })).map(({ name }) => name)
const difference = (value: number, half: number) => ({ value, low: value - half, high: value + half })

test.each<[string, string[], Partial<Candidate>]>([
  ['a sound candidate', [], {}],
  ['worse beyond the interval', ['ndcg@all'], { metrics: [metric({ difference: difference(-0.05, 0.02) })] }],
  ['worse within the interval', [], { metrics: [metric({ difference: difference(-0.01, 0.02) })] }],
  [
    'more exposed beyond the interval, where less is better',
    ['companyGini@all'],
    { metrics: [metric({ name: 'companyGini', better: 'lower', difference: difference(0.05, 0.02) })] },
  ],
  ['better, where less is better', [], { metrics: [metric({ better: 'lower', difference: difference(-0.05, 0.02) })] }],
  [
    'worse in one segment alone',
    ['ndcg@level-C3'],
    { metrics: [metric(), metric({ segment: 'level C3', difference: difference(-0.05, 0.02) })] },
  ],
  ['the same model again', [], { metrics: [metric({ difference: difference(0, 0) })] }],
  ['one product above the tolerance', ['violations'], { shown: { violations: 1, disagreements: 0, total: 9 } }],
  ['one disagreement', ['violations'], { shown: { violations: 0, disagreements: 1, total: 9 } }],
  ['other scores than were trained', ['parity'], { parity: { scores: 9, largest: 1.1e-5 } }],
  ['scores that are no numbers', ['parity'], { parity: { scores: 9, largest: Number.NaN } }],
  ['slow', ['latency'], { timesScan: 8.1 }],
  ['one decision in a hundred slow', ['decide-p99'], { decide: { p99Ms: 51, mostMs: 50, decisions: 1000 } }],
  ['judged beside another', ['judged'], { against: { words: 'run-0', isIncumbent: false } }],
  [
    'nothing measured',
    ['judged', 'violations', 'parity', 'latency', 'decide-p99'],
    { against: null, metrics: [], shown: null, parity: null, timesScan: null, decide: null },
  ],
])('%s: shut are %j', (_case, names, changes) => expect(failed(changes)).toEqual(names))

test('with more metrics beside it, the same difference needs to be surer', () => {
  const worse = metric({ difference: difference(-0.0201, 0.02) })
  expect(failed({ metrics: [worse] })).toEqual(['ndcg@all'])
  expect(failed({ metrics: [worse, ...Array.from({ length: 99 }, () => metric())] })).toEqual([])
})

test('of candidates no different from their incumbent about one in forty is refused, of however many metrics', () => {
  const random = seeded(5)
  const normal = (): number => Array.from({ length: 12 }, random).reduce((a, b) => a + b, -6)
  const refused = Array.from({ length: 2000 }, () =>
    failed({ metrics: Array.from({ length: 30 }, () => metric({ difference: difference(normal(), 1.96) })) }),
  ).filter((names) => names.length > 0).length
  expect(refused / 2000).toBeGreaterThan(0.01)
  expect(refused / 2000).toBeLessThan(0.04)
})

test.each([
  [0.5, 0],
  [0.025, 1.95996],
  [0.00025, 3.48076],
])('the normal quantile of %d is %d', (p, z) => expect(Math.abs(normalQuantile(p) - z)).toBeLessThan(4.5e-4))

test('names are fit for a command line', () => {
  for (const { name } of gatesOf(sound)) expect(name).toMatch(/^[A-Za-z0-9@-]+$/)
})
