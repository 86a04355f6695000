import { type Instant } from '../../features/schema/time.js'
import { guardedMetrics } from '../../training/evaluation/guarded.js'
import { betterIs, type EvaluationReport, evaluationOf, type MetricName } from '../../training/evaluation/report.js'
import { releaseInMemory } from '../../training/holdout.js'
import { type Candidate, type GuardedMetric } from '../../training/registry/gates.js'
import { timesScanOf } from '../../training/registry/latency.js'
import { type readRun } from '../../training/run.js'
import { lineageOf } from '../../training/runRecord.js'
import { type TrainingHome } from '../trainingHome.js'
import { incumbentOf } from './incumbent.js'

/** What must not get worse: what is right for the investor, and what the fund companies are promised. */
const guarded: ReadonlySet<MetricName> = new Set([
  'ndcg',
  'recall',
  'coherence',
  'holdingDays',
  'coverage',
  'companyGini',
] as const)

type Stored = Awaited<ReturnType<typeof readRun>>

/** What the gates ask of a run: from what it was judged by, and its latency as measured here and now. */
export async function candidateOf(
  home: Pick<TrainingHome, 'releases' | 'catalogueLog' | 'store'>,
  run: Stored,
  at: Instant,
  clock: () => number,
): Promise<Candidate> {
  const { evaluation } = run
  const investors = await home.store.getMany(await home.store.ids(64))
  const release = releaseInMemory(run.model, await home.catalogueLog.head())
  const shown = evaluation && evaluationOf(evaluation, 'candidate')?.on
  return {
    ...comparison(evaluation, run.id, await incumbentOf(home)),
    shown: shown ? { violations: shown.violations, disagreements: shown.disagreements, total: shown.shown } : null,
    decide: decideOf(evaluation),
    parity: lineageOf(run.record).parity,
    timesScan: timesScanOf(
      release,
      investors.flatMap((investor) => investor ?? []),
      at,
      clock,
    ),
  }
}

const decideOf = (evaluation: EvaluationReport | null): Candidate['decide'] =>
  evaluation?.decideMs === undefined
    ? null
    : {
        ...{ p99Ms: evaluation.decideMs.p99, mostMs: evaluation.config.mostDecideMs },
        decisions: evaluation.decideMs.decisions,
      }

/** Where nothing serves yet, or the run itself does, popularity is the floor. */
export function comparison(
  evaluation: EvaluationReport | null,
  runId: string,
  incumbent: Awaited<ReturnType<typeof incumbentOf>>,
): Pick<Candidate, 'against' | 'metrics'> {
  if (evaluation === null) return { against: null, metrics: [] }
  if (incumbent === null || incumbent.runId === runId)
    return { against: { words: 'popularity', isIncumbent: true }, metrics: metricsOf(evaluation, 'popularity') }
  const judged = evaluationOf(evaluation, 'incumbent')?.runId ?? null
  const words = judged === null ? 'popularity alone' : judged
  return {
    against: { words, isIncumbent: judged !== null && judged === incumbent.runId },
    metrics: judged === null ? [] : metricsOf(evaluation, 'incumbent'),
  }
}

function metricsOf(evaluation: EvaluationReport, against: 'popularity' | 'incumbent'): readonly GuardedMetric[] {
  return guardedMetrics(evaluation, against, 'on').flatMap((metric) => {
    const better = betterIs[metric.name]
    return better === null || !guarded.has(metric.name) ? [] : [{ ...metric, better }]
  })
}
