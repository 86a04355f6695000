import { decide } from '../../engine/decide.js'
import { type Decision } from '../../engine/decision.js'
import { type Release } from '../../engine/release.js'
import { hasBit } from '../../engine/suitability/bitset.js'
import { subjectOf } from '../../engine/suitability/inputs.js'
import { type Pack } from '../../engine/suitability/pack.js'
import { compiledFor } from '../../engine/suitability/verdicts.js'
import { type Catalogue } from '../../features/schema/catalogue.js'
import { type InvestorSnapshot } from '../../features/schema/records.js'
import { type Instant } from '../../features/schema/time.js'

/** An investor who is judged, as he was known at the cut: what he had bought then, and newly from then on, as ordinals. */
export type Judged = {
  readonly snapshot: InvestorSnapshot
  readonly past: readonly number[]
  readonly bought: ReadonlySet<number>
}

/** What a model shows him, and would have chosen from, as ordinals, best first; `shown` is empty where it was a refusal. */
export type Slate = {
  readonly shown: readonly number[]
  readonly nominated: readonly number[]
  readonly disagreements: number
  /** Which search nominated; what popularity nominates is not ranked anew. */
  readonly by?: Decision['retrieval']
  /** What the decision took, where a clock was given. */
  readonly ms?: number
}

export type Circumstances = {
  readonly catalogue: Catalogue
  readonly cut: Instant
  readonly seed: number
  /** Length of the slates. */
  readonly k: number
  /** Time spent in this process, ms. */
  readonly processorMs?: (() => number) | undefined
}

/** The slates of a release under a pack, one an investor, by `decide` in mode evaluation: without gate and diversification. */
export function slatesOf(
  release: Release,
  pack: Pack,
  judged: readonly Judged[],
  { catalogue, cut, seed, k, processorMs }: Circumstances,
): Slate[] {
  const context = { mode: 'evaluation', scene: 'home', size: k, exclude: [] } as const
  return judged.map(({ snapshot }) => {
    const from = processorMs?.() ?? 0
    const { decision, disagreements } = decide(release, catalogue, pack, snapshot, context, cut, seed)
    const ms = (processorMs?.() ?? 0) - from
    const items = decision.outcome.kind === 'refusal' ? [] : decision.outcome.slate
    const shown = items.map(({ productId }) => catalogue.ordinalOf.get(productId) ?? -1)
    return {
      shown,
      nominated: decision.nominated,
      disagreements: disagreements.length,
      by: decision.retrieval,
      ...(processorMs === undefined ? {} : { ms }),
    }
  })
}

/** Of each investor, whether a pack permits to recommend him a product. */
export function permissions(
  pack: Pack,
  judged: readonly Judged[],
  { catalogue, cut }: Circumstances,
): ((ordinal: number) => boolean)[] {
  const compiled = compiledFor(catalogue, pack)
  return judged.map(({ snapshot }) => {
    const { permitted } = compiled.judge(subjectOf(snapshot, 'push', pack, cut))
    return (ordinal) => hasBit(permitted, ordinal)
  })
}
