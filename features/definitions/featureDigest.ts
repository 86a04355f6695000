import { createHash } from 'node:crypto'
import { type Digest } from '../schema/ids.js'
import { type AnyFeature, featureId } from './feature.js'

/** What of a definition its digest covers; the value is held by its version (`versions.test.ts`). */
export const definitionOf = (feature: AnyFeature) => ({
  id: featureId(feature),
  entity: feature.entity,
  type: feature.type,
  unit: feature.unit,
  default: feature.default,
  validDays: feature.validDays,
  reads: feature.reads,
})

/** SHA-256 over the definitions, in their order, as JSON. Owner and meaning are words: to mend them changes no digest. */
export const featureDigest = (features: readonly AnyFeature[]): Digest =>
  `sha256:${createHash('sha256')
    .update(JSON.stringify(features.map(definitionOf)))
    .digest('hex')}` as Digest
