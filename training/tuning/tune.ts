import { type ModelConfig } from '../models/config.js'
import { type Journal, type Trial } from './journal.js'
import { rungsOf } from './rungs.js'
import { configAt, type SearchSpace } from './space.js'

/** What a config comes to when a share of the investors is learnt from; the first metric is the score. */
export type Objective = (config: ModelConfig, share: number) => Promise<Readonly<Record<string, number>>>

export type Tuning = {
  readonly space: SearchSpace
  readonly objective: Objective
  /** The metric that counts. */
  readonly metric: string
  readonly journal: Journal
  /** ms */
  readonly clock: () => number
  readonly onTrial?: (trial: Trial, done: number, total: number) => void
}

/** Every trial at the furthest that it came, the best first: those of later rungs before those that dropped out. */
export async function tune(tuning: Tuning): Promise<readonly Trial[]> {
  const { space, journal } = tuning
  const { seed, budget } = journal.search
  const rungs = rungsOf(budget)
  const total = rungs.reduce((sum, { trials }) => sum + trials, 0)
  const known = new Map(journal.trials.map((trial) => [`${trial.rung} ${trial.trial}`, trial]))
  const furthest = new Map<number, Trial>()
  let left = Array.from({ length: budget }, (_, trial) => trial)
  let done = 0
  for (const [rung, { share, trials }] of rungs.entries()) {
    left = left.slice(0, trials)
    const judged: Trial[] = []
    for (const trial of left) {
      const found = known.get(`${rung} ${trial}`)
      const result = found ?? (await tried(tuning, { trial, rung, share, config: configAt(space, seed, trial) }))
      if (found === undefined) await journal.append(result)
      tuning.onTrial?.(result, ++done, total)
      judged.push(result)
      furthest.set(trial, result)
    }
    left = judged.sort(better).map(({ trial }) => trial)
  }
  return [...furthest.values()].sort((a, b) => b.rung - a.rung || better(a, b))
}

const better = (a: Trial, b: Trial): number => scoreOf(b) - scoreOf(a) || a.trial - b.trial

/** Finite, so that two that could not be fitted compare equal. */
const scoreOf = ({ score }: Trial): number => score ?? -Number.MAX_VALUE

/** A config that cannot be fitted is a result: of a space, some corners may be out of reach. */
async function tried(
  { objective, metric, clock }: Tuning,
  trial: Pick<Trial, 'trial' | 'rung' | 'share' | 'config'>,
): Promise<Trial> {
  const from = clock()
  const seconds = (): number => Number(((clock() - from) / 1000).toFixed(3))
  try {
    const metrics = await objective(trial.config, trial.share)
    return { ...trial, score: metrics[metric] ?? null, metrics: { ...metrics }, seconds: seconds() }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { ...trial, score: null, metrics: {}, seconds: seconds(), fault: error.message }
  }
}
