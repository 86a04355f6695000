import { type EvaluationReport, evaluationOf, type MetricName, type ModelName } from './report.js'

/** What `metrics.json` tells of an evaluation: the model's own ranking, suitability off, and what suitability costs. */
export function figuresOf(report: EvaluationReport | null): Readonly<Record<string, number>> {
  if (report === null) return {}
  const value = (model: ModelName, suitability: 'on' | 'off', metric: MetricName): number =>
    evaluationOf(report, model)?.segments[0]?.[suitability][metric]?.value ?? 0
  return {
    'holdout investors': report.investors,
    'holdout ndcg@10': value('candidate', 'off', 'ndcg'),
    'holdout recall@10': value('candidate', 'off', 'recall'),
    'popularity ndcg@10': value('popularity', 'off', 'ndcg'),
    'popularity recall@10': value('popularity', 'off', 'recall'),
    'suitable ndcg@10': value('candidate', 'on', 'ndcg'),
    'suitable recall@10': value('candidate', 'on', 'recall'),
    violations: evaluationOf(report, 'candidate')?.on.violations ?? 0,
  }
}
