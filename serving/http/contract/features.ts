import * as schemas from '../featureSchemas.js'
import { type Route } from './route.js'

/** The feature store. */
export const features = {
  featureQuality: {
    method: 'get',
    path: '/v1/features/quality',
    scope: 'science',
    summary:
      'How the features that personal decisions read in the last 24 hours, and those of the catalogue, have drifted from the training set of the active release; how fresh each source is; how often a field was out of its range since the start. The vectors are counted, and nobody can be told from the counts. Counting begins anew with a start and with another release.',
    replies: { 200: { says: 'Every feature, the most drifted first.', schema: schemas.FeatureQualityAnswer } },
    problems: ['store-unreachable', 'starting'],
  },
} as const satisfies Record<string, Route>
