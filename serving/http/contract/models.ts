import * as schemas from '../schemas.js'
import { type Route } from './route.js'

/** Releases. */
export const models = {
  listReleases: {
    method: 'get',
    path: '/v1/releases',
    scope: 'science',
    summary: 'The releases, and which one is active.',
    replies: { 200: { says: 'All releases.', schema: schemas.ReleasesAnswer } },
    problems: ['starting'],
  },
} as const satisfies Record<string, Route>
