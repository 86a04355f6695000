import * as schemas from '../schemas.js'
import { type Route, unavailableNow } from './route.js'

/** Recommending. */
export const recommendations = {
  recommend: {
    method: 'post',
    path: '/v1/recommendations',
    scope: 'app',
    summary: 'A slate of suitable products for an investor, with reasons; recorded before it is answered.',
    body: schemas.RecommendationRequest,
    records: true,
    replies: {
      200: { says: 'At least one suitable product, best first.', schema: schemas.Recommendation },
      409: { says: 'A refusal, recorded; or a reused key.', schema: schemas.RefusalOrReusedKey },
    },
    problems: [
      'unknown-investor',
      'no-assessment',
      'assessment-expired',
      'consent-missing',
      'profile-stale',
      'profile-incomplete',
      'no-suitable-product',
      'idempotency-key-reused',
      ...unavailableNow,
    ],
  },
} as const satisfies Record<string, Route>
