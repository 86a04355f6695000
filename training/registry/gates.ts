import { z } from 'zod'

/** A metric of the candidate and of the model that it is to replace, on the same investors. */
export type GuardedMetric = {
  readonly name: string
  /** `all`, or such as `level C3`. */
  readonly segment: string
  readonly better: 'higher' | 'lower'
  readonly candidate: { readonly value: number }
  readonly other: { readonly value: number }
  /** Candidate less other, paired, with its 95 % interval. */
  readonly difference: { readonly value: number; readonly low: number; readonly high: number }
}

/** What was measured of a candidate; null: it was not. */
export type Candidate = {
  /** The model that the metrics are compared with, in words, and whether it is the one to be replaced. */
  readonly against: { readonly words: string; readonly isIncumbent: boolean } | null
  readonly metrics: readonly GuardedMetric[]
  /** Products shown to investors above their tolerance, of so many shown under the live rules. */
  readonly shown: { readonly violations: number; readonly disagreements: number; readonly total: number } | null
  /** Largest difference of the exported model's scores from the trainer's, as a share of an investor's largest score. */
  readonly parity: { readonly scores: number; readonly largest: number } | null
  /** Time to embed an investor and search for him, as a multiple of a plain scan of as many products. */
  readonly timesScan: number | null
  /** Processor time of a whole decision at the 99th percentile, beside the most that the evaluation's config allows. */
  readonly decide: { readonly p99Ms: number; readonly mostMs: number; readonly decisions: number } | null
}

export const GateResult = z.strictObject({
  name: z.string(),
  passed: z.boolean(),
  /** Null: it was not measured, so the gate is shut. */
  figure: z.number().nullable(),
  bound: z.number(),
  words: z.string(),
})
export type GateResult = z.infer<typeof GateResult>

/** Beyond rounding to single precision a score is another. */
export const mostParity = 1e-5
/** In plain scans of 64 dimensions: an installation that serves a plain model with ease serves this one too. */
export const mostTimesScan = 8

/** Every gate of a candidate, in a fixed order; it may be promoted where all are passed. What was not measured is shut. */
export function gatesOf({ against, metrics, shown, parity, timesScan, decide }: Candidate): readonly GateResult[] {
  return [
    compared(against, metrics.length),
    ...metrics.map((metric) => notWorse(metric, metrics.length)),
    atMost('violations', shown && shown.violations + shown.disagreements, 0, violationWords(shown)),
    atMost('parity', parity?.largest ?? null, mostParity, parityWords(parity)),
    atMost('latency', timesScan, mostTimesScan, latencyWords(timesScan)),
    atMost('decide-p99', decide?.p99Ms ?? null, decide?.mostMs ?? 0, decideWords(decide)),
  ]
}

export const failedGates = (gates: readonly GateResult[]): readonly GateResult[] =>
  gates.filter(({ passed }) => !passed)

function compared(against: Candidate['against'], metrics: number): GateResult {
  const passed = against !== null && against.isIncumbent && metrics > 0
  const words =
    against === null
      ? 'not judged: too few new purchases were held out'
      : against.isIncumbent
        ? `judged beside ${against.words} on ${metrics} metrics and segments`
        : `judged beside ${against.words}, and that is not what it would replace: train again`
  return { name: 'judged', passed, figure: metrics, bound: 1, words }
}

/**
 * Shut where even the better end of the difference's interval is worse than none. With many metrics and segments one
 * in forty intervals of 95 % would be so by chance: they are widened so that all together are wrong as seldom as one
 * (Bonferroni), taking the bootstrap's means as normal.
 */
function notWorse({ name, segment, better, candidate, other, difference }: GuardedMetric, of: number): GateResult {
  const sign = better === 'higher' ? 1 : -1
  const end = better === 'higher' ? difference.high : difference.low
  const figure =
    sign * (difference.value + ((end - difference.value) * normalQuantile(0.025 / of)) / normalQuantile(0.025))
  const values = `${shown4(candidate.value)} beside ${shown4(other.value)}`
  const interval = `95 % of ${shown4(difference.low)} to ${shown4(difference.high)}`
  const words = `${name}, ${segment}: ${values}, difference ${shown4(difference.value)} (${interval})`
  return { name: `${name}@${segment.replaceAll(' ', '-')}`, passed: figure >= 0, figure, bound: 0, words }
}

function atMost(name: string, figure: number | null, bound: number, words: string): GateResult {
  return { name, passed: figure !== null && figure <= bound, figure, bound, words }
}

const shown4 = (value: number): string => String(Number(value.toFixed(4)))

const violationWords = (shown: Candidate['shown']): string =>
  shown === null
    ? 'not measured: no slate was made under the live rules'
    : `${shown.violations} of ${shown.total} products shown lay above the tolerance; ${shown.disagreements} were left out at the last look`

const parityWords = (parity: Candidate['parity']): string =>
  parity === null
    ? 'not measured: the trainer gave no scores to compare with'
    : `${parity.scores} scores of the exported model differ from the trainer’s by at most ${parity.largest.toExponential(1)}`

const latencyWords = (timesScan: number | null): string =>
  timesScan === null
    ? 'not measured'
    : `an investor is embedded and his products found in ${shown4(timesScan)} times a plain scan of as many`

const decideWords = (decide: Candidate['decide']): string =>
  decide === null
    ? 'not measured: train again'
    : `of ${decide.decisions} decisions 99 in a hundred took at most ${shown4(decide.p99Ms)} ms of processor time; ${decide.mostMs} are allowed`

/**
 * z with P(Z < −z) = p of a standard normal Z, for 0 < p ≤ 0.5, to 4.5e-4: Abramowitz and Stegun 1964, 26.2.23. Above 0.
 */
export function normalQuantile(p: number): number {
  const t = Math.sqrt(-2 * Math.log(p))
  const above = 2.515517 + t * (0.802853 + t * 0.010328)
  const below = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
  return t - above / below
}
