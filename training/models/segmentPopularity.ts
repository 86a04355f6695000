import { type Artifact } from '../../engine/model/artifact.js'
import { type SegmentBy, segmentCounts, segmentFeatures } from '../../engine/model/segments.js'
import { type Interactions, userCount } from '../interactions.js'
import { fitPopularity } from './popularity.js'
import { type PopularityConfig } from './config.js'

/**
 * Popularity, and beside it that of each segment: score = own + prior · all / users, own and all being what fitPopularity
 * gives of the segment and of everybody, so that a segment of whom little is known has the order of all. Rows of `of`:
 * the users of each segment over the same items.
 */
export function fitSegmentPopularity(
  all: Interactions,
  of: readonly Interactions[],
  by: SegmentBy,
  config: PopularityConfig & { readonly segments: NonNullable<PopularityConfig['segments']> },
): Artifact {
  const artifact = fitPopularity(all, config)
  const everybody = artifact.tensors['popularity']?.data ?? new Float32Array()
  const share = config.segments.prior / Math.max(1, userCount(all))
  const scores = new Float32Array(segmentCounts[by] * everybody.length)
  of.forEach((interactions, segment) => {
    const own = fitPopularity(interactions, config).tensors['popularity']?.data ?? []
    everybody.forEach((count, item) => {
      scores[segment * everybody.length + item] = (own[item] ?? 0) + share * count
    })
  })
  return {
    metadata: { ...artifact.metadata, segmentsBy: by, investorFeatures: JSON.stringify([segmentFeatures[by]]) },
    tensors: { ...artifact.tensors, segments: { shape: [segmentCounts[by], everybody.length], data: scores } },
  }
}
