import { type ModelConfig } from './models/config.js'

/** What a run before cost, over so many pairs. */
export type PastRun = {
  readonly id: string
  readonly kind: ModelConfig['kind']
  readonly asOf: number
  readonly pairs: number
  readonly seconds: number
  readonly peakMb: number | null
}

export type Cost = {
  readonly seconds: number
  readonly peakMb: number
  /** From what it was estimated, in one sentence. */
  readonly because: string
}

/** Whatever the model: to read, judge and register; CPU seconds of 20,000 investors and 4,200 products. */
const base = { seconds: 30, peakMb: 700 }
/** A thousand pairs each, a fit before the holdout and one on everything: seconds, and MB. */
const perThousand: Readonly<Record<string, { readonly seconds: number; readonly peakMb: number }>> = {
  popularity: { seconds: 0.002, peakMb: 0.2 },
  content: { seconds: 0.002, peakMb: 0.2 },
  ease: { seconds: 0.02, peakMb: 0.3 },
  'item-knn': { seconds: 0.02, peakMb: 0.3 },
  ials: { seconds: 0.05, peakMb: 0.3 },
  'two-tower': { seconds: 1.2, peakMb: 0.6 },
}
const dearest = { seconds: 1.2, peakMb: 0.6 }

/**
 * What a run would cost: as the newest of its kind, in proportion to the pairs; where there was none, as a model of the
 * cost has it, which says no more than the order of magnitude.
 */
export function costOf(kind: ModelConfig['kind'], pairs: number, runs: readonly PastRun[]): Cost {
  const newest = runs.filter((run) => run.kind === kind && run.pairs > 0).sort((a, b) => b.asOf - a.asOf)[0]
  if (newest === undefined) {
    const { seconds, peakMb } = perThousand[kind] ?? dearest
    const of = (fixed: number, each: number): number => Math.round(fixed + (each * pairs) / 1000)
    const because = `no run of ${kind} is registered here: the order of magnitude, by the number of pairs`
    return { seconds: of(base.seconds, seconds), peakMb: of(base.peakMb, peakMb), because }
  }
  const times = pairs / newest.pairs
  return {
    seconds: Math.round(newest.seconds * times * 10) / 10,
    peakMb: Math.round((newest.peakMb ?? base.peakMb) * Math.max(1, times)),
    because: `as ${newest.id}, ${newest.seconds.toFixed(1)} s over ${newest.pairs} pairs, in proportion`,
  }
}
