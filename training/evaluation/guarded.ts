import { type EvaluationReport, type Measured, MetricName, type ModelName, evaluationOf } from './report.js'

/** One metric in one segment, of the candidate and of another model on the same investors. */
export type GuardedMetric = {
  readonly name: MetricName
  /** `all`, or such as `level C3`. */
  readonly segment: string
  readonly candidate: Measured
  readonly other: Measured
  /** Candidate less other, paired. */
  readonly difference: Measured
}

/**
 * What gates compare: every metric and segment that both models have, with suitability on or off; in the order of the
 * report. Empty where the report does not have the other model.
 */
export function guardedMetrics(
  report: EvaluationReport,
  against: Exclude<ModelName, 'candidate'>,
  suitability: 'on' | 'off',
): GuardedMetric[] {
  const [candidate, other] = [evaluationOf(report, 'candidate'), evaluationOf(report, against)]
  const differences = report.differences.find((each) => each.against === against)
  if (candidate === undefined || other === undefined || differences === undefined) return []
  return differences.segments.flatMap((of) => {
    const same = (each: { by: string; name: string }): boolean => each.by === of.by && each.name === of.name
    const [mine, theirs] = [candidate.segments.find(same), other.segments.find(same)]
    return MetricName.options.flatMap((name) => {
      const [a, b, difference] = [mine?.[suitability][name], theirs?.[suitability][name], of[suitability][name]]
      if (a === undefined || b === undefined || difference === undefined) return []
      return [{ name, segment: of.by === 'all' ? 'all' : `${of.by} ${of.name}`, candidate: a, other: b, difference }]
    })
  })
}
