import { refusalCodes } from '../../engine/decision.js'
import { exposureFaults } from '../../audit/exposures.js'
import { qualityMetrics } from './qualityMetrics.js'
import { counter, factsGauge, histogram, readings } from './metrics.js'

const outcomes = ['personal', 'non-personal', ...refusalCodes]

/** What a server counts of its own work. No label holds an id of a person. */
export function createMetrics() {
  const decisions = counter(
    'aptus_decisions_total',
    'Decisions answered, by kind of slate or by refusal.',
    outcomes.map((outcome) => ({ outcome })),
  )
  const purchaseChecks = counter(
    'aptus_purchase_checks_total',
    'Purchase checks answered, by verdict.',
    ['permit', 'warn', 'block'].map((verdict) => ({ verdict })),
  )
  const recheckDisagreements = counter(
    'aptus_recheck_disagreements_total',
    'Ranked products that the reference evaluator rejected though the compiled rules permitted them; any is an alarm.',
  )
  const unrecordedExposures = counter(
    'aptus_unrecorded_exposures_total',
    'Exposures that the ledger does not bear out, by how they differ from it; any is an alarm.',
    exposureFaults.map((fault) => ({ fault })),
  )
  const requests = counter('aptus_http_requests_total', 'Requests answered, by route and status.', [])
  const recommendationSeconds = histogram(
    'aptus_recommendation_seconds',
    'Seconds from the checked request to the answer of POST /v1/recommendations.',
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  )
  const outOfRange = readings(
    'aptus_features_out_of_range_total',
    'Values outside of their range at the door, by field: refused, since they cannot be true, or odd and taken in.',
    'counter',
  )
  const quality = qualityMetrics()
  const rulePacks = factsGauge('aptus_rule_pack_in_force', 'The rule packs that judge now; their firms are not told.')
  const all = [
    decisions,
    purchaseChecks,
    recheckDisagreements,
    unrecordedExposures,
    requests,
    recommendationSeconds,
    rulePacks,
    outOfRange,
    ...quality.all,
  ]
  return {
    decisions,
    purchaseChecks,
    recheckDisagreements,
    unrecordedExposures,
    requests,
    recommendationSeconds,
    rulePacks,
    outOfRange,
    quality,
    exposition: (): string => `${all.flatMap((metric) => metric.lines()).join('\n')}\n`,
  }
}
export type Metrics = ReturnType<typeof createMetrics>
