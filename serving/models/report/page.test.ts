import { type CompanyId, type ProductId } from '../../../features/schema/ids.js'
import { defaultEvaluation } from '../../../training/evaluation/config.js'
import { type ObjectivePoint } from '../../../training/evaluation/objectives.js'
import { EvaluationReport, type Measured, type ModelEvaluation } from '../../../training/evaluation/report.js'
import { ModelConfig } from '../../../training/models/config.js'
import { gatesOf } from '../../../training/registry/gates.js'
import { gini } from '../../../training/metrics/gini.js'
import { unknownLineage } from '../../../training/runRecord.js'
import { type RunReport } from './data.js'
import { lorenzPoints } from './exposure.js'
import { undominated, whyServed } from './front.js'
import { mostOf, undominatedIn, whyServed as whyWeighed } from './objectives.js'
import { verdict } from './headline.js'
import { runPage } from './page.js'
import { reasonInBrief } from './reasons.js'

const hostile = '<script>alert("x")</script>'
const figure = (value: number): Measured => ({ value, low: value - 0.1, high: value + 0.1, n: 40 })
const digest = `sha256:${'0'.repeat(64)}`
const totals = (shown: number): ModelEvaluation['on'] => ({
  ...{ shown, refused: 3, violations: 0, aboveTolerance: 0, disagreements: 0 },
  companies: [{ companyId: 'C1', shown }],
  kinds: [{ kind: 'bond', bought: 0.25, shown: 1 }],
})
const modelOf = (name: ModelEvaluation['name'], ndcg: number): ModelEvaluation => ({
  ...{ name, kind: 'ials', runId: null, as: 'refitted', on: totals(400), off: totals(500), held: null },
  segments: [
    { by: 'all', name: 'all', investors: 40, on: { ndcg: figure(ndcg) }, off: { ndcg: figure(2 * ndcg) }, price: {} },
    { by: 'level', name: 'C3', investors: 20, on: { ndcg: figure(ndcg / 2) }, off: {}, price: {} },
  ],
})
const point = (perCompanyBps: number, ndcg: number, companyGini: number) => ({
  ...{ perCompanyBps, perKindBps: 5000, ndcg, companyGini, diversity: 0.5, isDefault: perCompanyBps === 2500 },
})
const weighed = (weights: [number, number, number], ndcg: number, coherence: number): ObjectivePoint => ({
  ...{ weights: { coherence: weights[0], holding: weights[1], return: weights[2] }, isServed: ndcg === 0.4 },
  ...{ ndcg, change: ndcg === 0.4 ? null : figure(ndcg - 0.4), coherence, holdingDays: 160 - 10 * coherence },
  ...{ return30d: null, companyGini: 0.8, smallShare: coherence / 10 },
})
const choices = [
  weighed([0, 0, 0], 0.4, 0.5),
  weighed([0.3, 0, 0], 0.395, 0.8),
  weighed([1, 0, 0], 0.3, 0.9),
  weighed([0, 1, 0], 0.29, 0.6),
]
const evaluation = EvaluationReport.parse({
  ...{ v: 1, cut: '2026-05-01T00:00:00Z', asOf: '2026-05-08T15:00:00Z', seed: 1, config: defaultEvaluation },
  ...{ eligible: 50, investors: 40, packs: { on: { id: hostile, digest }, off: { id: 'eval-open', digest } } },
  heldOut: { purchases: 60, forbidden: 20, forbiddenShare: figure(1 / 3) },
  randomCoherence: null,
  models: [modelOf('candidate', 0.4321), modelOf('popularity', 0.2)],
  front: [point(1000, 0.3, 0.5), point(2500, 0.4, 0.6), point(10_000, 0.35, 0.7)],
  objectives: choices,
  floors: {
    ndcg: { without: 0.4, with: 0.39, change: figure(-0.01) },
    floors: [{ name: hostile, minShareBps: 1000, without: 0.002, with: 0.101, reachable: 0.72 }],
    coldBuyers: { investors: 29, without: 0, with: 7 },
  },
  differences: [
    {
      against: 'popularity',
      segments: [{ by: 'all', name: 'all', investors: 40, on: { ndcg: { ...figure(0.2321), low: 0.11 } }, off: {} }],
    },
  ],
})
const report: RunReport = {
  run: {
    ...{ id: 'run-0123456789abcdef', config: ModelConfig.parse({ kind: 'ials' }), metrics: { pairs: 12_345 } },
    record: {
      ...{ v: 2, seed: 7, asOf: Date.parse('2026-05-08T15:00:00Z'), dataDigest: 'sha256:data', modelDigest: digest },
      ...{ because: hostile, seconds: 12, lineage: unknownLineage, files: {} },
    },
    evaluation,
    curve: {
      ...{ name: 'objective', by: 'iteration' },
      points: [
        [1, 0.9],
        [2, 0.5],
      ],
    },
  },
  gates: gatesOf({ against: null, metrics: [], shown: null, parity: null, timesScan: 1, decide: null }),
  against: hostile,
  companies: new Map([['C1' as CompanyId, hostile]]),
  kinds: new Map([['P1' as ProductId, 'bond']]),
  map: { explained: 0.5, points: [{ productId: 'P1' as ProductId, x: 1, y: 2 }] },
  samples: [
    {
      ...{ level: 'C3', purchases: '1 to 4 products bought', refusal: null },
      items: [{ name: hostile, kind: 'bond', riskLevel: 'R2', reasons: ['close to one bought before'] }],
    },
    { level: 'C1', purchases: 'nothing bought yet', refusal: 'profile-stale', items: [] },
  ],
  madeAt: Date.parse('2026-05-09T00:00:00Z'),
}
const bare: RunReport = {
  ...report,
  run: { ...report.run, evaluation: null, curve: null },
  ...{ map: null, samples: [], companies: new Map() },
}

test('it loads nothing, runs nothing, and what is told becomes no markup', () => {
  for (const page of [runPage(report), runPage(bare)]) {
    expect(page).not.toMatch(/<script|https?:|(?:src|href)=|@import|url\(/)
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/)
  }
  expect(runPage(report).split('&lt;script&gt;').length).toBeGreaterThan(4)
})

test.each([
  ['the figure of the model', '0.4321'],
  ['the other’s', '0.2000'],
  ['a sure difference, coloured', '<span class="better">+0.2321</span> (+0.1100 to +0.3321)'],
  ['suitability off', '0.8642 (0.7642 to 0.9642)'],
  ['what the rules forbid', '20 of them (33.3 %)'],
  ['a segment', 'tolerance: C3'],
  ['a refusal in the slates', 'Nothing is shown: profile-stale'],
  ['the front', 'at most 25 % of a company and 50 % of a kind'],
  ['the front of objectives', 'nDCG against coherence with the risk band'],
  ['floors', 'nDCG 0.3900 in place of 0.4000 without them, −0.0100 (−0.1100 to +0.0900). Of 29 investors'],
  ['the curve', 'from 0.9 to 0.5'],
  ['lineage', 'sha256:data'],
])('it tells %s', (_, text) => expect(runPage(report)).toContain(text))

test('what is not there is said', () => {
  const page = runPage(bare)
  for (const words of ['It was not judged', 'No curve', 'No map', 'None: nobody']) expect(page).toContain(words)
})

test('whether it may be promoted is one sentence', () => {
  expect(verdict(report)).toBe(
    'It may not be promoted as it stands: of 5 gates 4 are shut (judged, violations, parity, decide-p99).',
  )
  const open = report.gates.map((gate) => ({ ...gate, passed: true }))
  expect(verdict({ ...report, gates: open, against: 'run-1' })).toBe(
    'It may be promoted: all 5 gates are passed, against run-1.',
  )
})

test('the area under the Lorenz curve is that of the Gini coefficient', () => {
  const shown = [5, 3, 1]
  const companies = shown.map((each, at) => ({ companyId: `C${at}`, shown: each }))
  const points = lorenzPoints({ on: { ...totals(9), companies } }, 5)
  const area = points
    .slice(1)
    .reduce((sum, [x, y], at) => sum + ((x - (points[at]?.[0] ?? 0)) * (y + (points[at]?.[1] ?? 0))) / 2, 0)
  expect(points.at(-1)).toEqual([1, 1])
  expect(1 - 2 * area).toBeCloseTo(gini([...shown, 0, 0]) ?? 9, 12)
})

test('the line of the front joins those that none betters in both', () =>
  expect(
    undominated([point(1000, 0.3, 0.5), point(2500, 0.4, 0.6), point(10_000, 0.35, 0.7)]).map(({ ndcg }) => ndcg),
  ).toEqual([0.3, 0.4]))

test('why the caps that serve are those is told in the figures of the run', () => {
  const open = { ...point(10_000, 0.35, 0.7), perKindBps: 10_000 }
  expect(whyServed([point(2500, 0.4, 0.6), open])).toMatch(
    /^Served are at most 25 % .* nDCG 0\.4000 in place of 0\.3500 without caps, .* No pair of caps that was tried betters them in both\.$/,
  )
  expect(whyServed([point(2500, 0.4, 0.6), point(3000, 0.41, 0.6), open])).toMatch(
    /1 of 3 pairs of caps better them in both, the most accurate at most 30 %/,
  )
})

test('pairs of caps that come to the same slates are one row', () => {
  const evaluated = { ...evaluation, front: [point(2500, 0.4, 0.6), point(5000, 0.4, 0.6), point(3000, 0.4, 0.6)] }
  const page = runPage({ ...report, run: { ...report.run, evaluation: evaluated } })
  expect(page.match(/on the line/g)).toHaveLength(1)
  expect(page).toContain('on the line, and 2 more alike')
})

test('a reason says nothing of the person', () => {
  const params = { productId: 'P-secret', objective: 'income', horizonMonths: 36, minHorizonMonths: 6 }
  for (const code of ['SIMILAR_TO_PURCHASED', 'WITHIN_HORIZON', 'SERVES_OBJECTIVE', 'ANOTHER'])
    expect(reasonInBrief({ code, params })).not.toMatch(/P-secret|income|36/)
})

test('of objectives the front is what no other betters in both, whichever way is better', () => {
  const [none, little, much] = choices
  expect(undominatedIn('coherence', choices)).toEqual([none, little, much])
  expect(undominatedIn('holdingDays', choices)).toEqual([none])
  expect(undominatedIn('companyGini', choices)).toEqual([none])
})

test('what could be had is told for at most 2 % of nDCG, and what could not is told too', () => {
  expect(mostOf('coherence', choices)).toBe(choices[1])
  expect(mostOf('holdingDays', choices)).toBeNull()
  const [reason, chances] = whyWeighed(choices)
  expect(reason).toContain('Served is the score alone')
  expect(chances).toContain(
    'could go from 50.0\u00a0% to 80.0\u00a0%, weighing coherence 0.3: nDCG −0.0050 (−0.1050 to +0.0950)',
  )
  expect(chances).toContain('No choice that was tried betters the expected days held')
  const other = choices.map((point, at) => ({ ...point, isServed: at === 1 }))
  expect(whyWeighed(other)[0]).toContain(
    'Served weighs coherence 0.3, which the config asks for: nDCG 0.3950 in place of 0.4000',
  )
})
