import { type Artifact } from '../../engine/model/artifact.js'
import { type Interactions } from '../interactions.js'
import { type ModelConfig } from './config.js'
import { fitIals, type Progress } from './ials.js'
import { fitPopularity } from './popularity.js'

/** Fits a model that learns from pairs of user and item alone. Throws an Error for one that needs more. */
export function fitPairs(interactions: Interactions, config: ModelConfig, seed: number, progress?: Progress): Artifact {
  if (config.kind === 'popularity') return fitPopularity(interactions)
  if (config.kind === 'ials') return fitIals(interactions, config, seed, progress)
  throw new Error(`model ${config.kind}: this protocol has pairs only; want popularity or ials`)
}
