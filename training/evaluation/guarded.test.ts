import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { curveOf } from '../curves.js'
import { ModelConfig } from '../models/config.js'
import { readRun, writeRun } from '../run.js'
import { defaultEvaluation } from './config.js'
import { guardedMetrics } from './guarded.js'
import { EvaluationReport, type Measured, type ModelEvaluation } from './report.js'

const figure = (value: number): Measured => ({ value, low: value - 0.1, high: value + 0.1, n: 40 })
const digest = `sha256:${'0'.repeat(64)}`
const totals = { shown: 400, refused: 0, violations: 0, aboveTolerance: 0, disagreements: 0, companies: [], kinds: [] }
const modelOf = (name: ModelEvaluation['name'], ndcg: number): ModelEvaluation => ({
  ...{ name, kind: 'ials', runId: null, as: 'refitted', on: totals, off: totals, held: null },
  segments: [
    { by: 'all', name: 'all', investors: 40, on: { ndcg: figure(ndcg) }, off: { ndcg: figure(2 * ndcg) }, price: {} },
    { by: 'level', name: 'C3', investors: 20, on: { ndcg: figure(ndcg / 2), mrr: figure(0.5) }, off: {}, price: {} },
  ],
})
const report = EvaluationReport.parse({
  ...{ v: 1, cut: '2026-05-01T00:00:00Z', asOf: '2026-05-08T15:00:00Z', seed: 1, config: defaultEvaluation },
  ...{ eligible: 50, investors: 40, packs: { on: { id: 'cn-2026', digest }, off: { id: 'eval-open', digest } } },
  heldOut: { purchases: 60, forbidden: 20, forbiddenShare: figure(1 / 3) },
  randomCoherence: null,
  models: [modelOf('candidate', 0.25), modelOf('popularity', 0.5)],
  differences: [
    {
      against: 'popularity',
      segments: [
        { by: 'all', name: 'all', investors: 40, on: { ndcg: figure(-0.25) }, off: {} },
        { by: 'level', name: 'C3', investors: 20, on: { ndcg: figure(-0.125), mrr: figure(0) }, off: {} },
      ],
    },
  ],
})

test('what gates compare: figures of both models and their difference, a metric and segment each', () => {
  const guarded = guardedMetrics(report, 'popularity', 'on')
  expect(
    guarded.map(({ name, segment, candidate, other, difference }) => [
      name,
      segment,
      candidate.value,
      other.value,
      difference.value,
    ]),
  ).toEqual([
    ['ndcg', 'all', 0.25, 0.5, -0.25],
    ['ndcg', 'level C3', 0.125, 0.25, -0.125],
    ['mrr', 'level C3', 0.5, 0.5, 0],
  ])
  expect(guardedMetrics(report, 'popularity', 'off')).toEqual([])
  expect(guardedMetrics(report, 'incumbent', 'on')).toEqual([])
})

test('a run keeps its evaluation and its curve, and one without has none', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'aptus-runs-'))
  const run = {
    ...{ model: Uint8Array.of(1), config: ModelConfig.parse({ kind: 'popularity' }), metrics: {} },
    record: { seed: 1, asOf: 0, dataDigest: 'd', because: 'a test', seconds: 1 },
  }
  try {
    const curve = curveOf('loss', 'step', [0.5, 0.25])
    const judged = await writeRun(dir, { ...run, evaluation: report, curve })
    expect(await readRun(dir, judged.id)).toMatchObject({ evaluation: report, curve })
    const other = await writeRun(dir, { ...run, record: { ...run.record, seed: 2 }, evaluation: null })
    expect(await readRun(dir, other.id)).toMatchObject({ evaluation: null, curve: null })
    // What was told on the way is no part of what a model is.
    expect((await writeRun(dir, { ...run, evaluation: null, curve: null })).id).toBe(judged.id)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})
