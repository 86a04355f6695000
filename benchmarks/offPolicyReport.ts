import { type OffPolicySize, type Trial, trials } from './offPolicy.js'
import { report, rounded } from './suite.js'
import { type TargetName } from './targetPolicies.js'

const size: OffPolicySize = { products: 200, companies: 10, days: 90, logged: 1_200, all: 3_600 }

/** How often the interval of each estimator holds the true value of each target policy, seed by seed. */
export async function offPolicy(seeds: readonly number[]): Promise<void> {
  const all: Trial[] = []
  for (const seed of seeds) {
    all.push(...(await trials(seed, size)))
    console.error(`off-policy, seed ${seed}: done`)
  }
  report('off-policy', {
    question: 'Do off-policy estimates from logged propensities hold the true value of another policy?',
    baseline: 'the true value, from the chances with which the simulation lets each product be opened',
    n: `${seeds.length} markets, seeds ${seeds[0]} to ${seeds.at(-1)}, of ${size.products} products and ${size.days} days; the log of ${size.logged} investors, the value over ${size.all}`,
    rows: summary(all),
    remarks: [
      'Reward: views of what was shown, a slate of five. Weights over a place and those above it (prefix), none clipped; 95 % intervals by investor.',
      'covered: intervals that hold the true value, of as many as there are seeds. bias, RMSE, half-width: relative to the true value, means over seeds (RMSE: root of the mean square).',
      'effective: (Σw)²/Σw² at the rank where it is least, beside the slates logged. lift: the value beside that of the logging policy.',
      'Slates and propensities are read from the logged events. No event says whether a view is of the slate or of his own accord, as about a fifth of those within five minutes are: that is asked of the simulation.',
    ],
  })
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** A row for each target and estimator. */
export function summary(all: readonly Trial[]): object[] {
  const targets = [...new Set(all.map(({ target }) => target))]
  return targets.flatMap((target) => {
    const ofTarget = all.filter((trial) => trial.target === target)
    return (['IPS', 'SNIPS', 'doubly robust'] as const).map((estimator) => rowOf(target, estimator, ofTarget, all))
  })
}

function rowOf(target: TargetName, estimator: keyof Trial['estimates'], of: readonly Trial[], all: readonly Trial[]) {
  const logged = mean(all.filter((trial) => trial.target === 'as logged').map(({ truth }) => truth))
  const errors = of.map(({ truth, estimates }) => (estimates[estimator].value - truth) / truth)
  const widths = of.map(({ truth, estimates }) => (estimates[estimator].high - estimates[estimator].value) / truth)
  return {
    target,
    estimator,
    covered: of.filter(({ truth, estimates }) => holds(estimates[estimator], truth)).length,
    truth: rounded(mean(of.map(({ truth }) => truth)), 4),
    lift: rounded(mean(of.map(({ truth }) => truth)) / logged, 3),
    bias: rounded(mean(errors), 4),
    RMSE: rounded(Math.sqrt(mean(errors.map((error) => error * error))), 4),
    'half-width': rounded(mean(widths), 4),
    effective: Math.round(mean(of.map(({ estimates }) => estimates[estimator].effectiveSlates))),
    slates: Math.round(mean(of.map(({ estimates }) => estimates[estimator].slates))),
    'mean weight': rounded(mean(of.map(({ estimates }) => estimates[estimator].meanWeight)), 3),
  }
}

const holds = ({ low, high }: { readonly low: number; readonly high: number }, truth: number): boolean =>
  low <= truth && truth <= high
