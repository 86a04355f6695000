import { type Artifact } from '../../engine/model/artifact.js'
import { type Interactions } from '../interactions.js'
import { weighsAny } from '../objectives/weights.js'
import { openTensorFlow } from '../tensorflow/backend.js'
import { type ModelConfig } from './config.js'
import { fitEase } from './ease.js'
import { fitItemKnn } from './itemKnn.js'
import { fitIals, type Progress } from './ials.js'
import { fitBlendPairs } from './ranker/blendPairs.js'
import { fitPopularity } from './popularity.js'
import { fitSpectral } from './spectral.js'
import { fitTwoTowerPairs, type UserFeatures } from './twoTower/pairs.js'

/**
 * Fits a model that learns from pairs of user and item alone; two-tower reads `users` too, where given.
 * Rejects with an Error for one that needs more.
 */
export async function fitPairs(
  interactions: Interactions,
  config: ModelConfig,
  seed: number,
  { users, progress }: { readonly users?: UserFeatures; readonly progress?: Progress | undefined } = {},
): Promise<Artifact> {
  if (weighsAny(config)) throw new Error('objectives: this protocol knows pairs alone; want a config that weighs none')
  if (config.kind === 'popularity' && config.segments)
    throw new Error('segments: this protocol knows pairs alone; want popularity without them')
  if (config.kind === 'popularity') return fitPopularity(interactions, config)
  if (config.kind === 'ease') return fitEase(interactions, config)
  if (config.kind === 'item-knn') return fitItemKnn(interactions, config)
  if (config.kind === 'blend') return fitBlendPairs(interactions, config)
  if (config.kind === 'ials') return fitIals(interactions, config, seed, progress)
  if (config.kind === 'spectral') return fitSpectral(interactions, config, seed)
  if (config.kind === 'two-tower')
    return fitTwoTowerPairs(await openTensorFlow(), interactions, config, seed, users, progress)
  throw new Error(
    `model ${config.kind}: this protocol has pairs only; want popularity, ease, item-knn, blend, ials, spectral or two-tower`,
  )
}
