import * as schemas from '../schemas.js'
import * as model from '../modelSchemas.js'
import { type Route } from './route.js'

const changing = {
  records: true,
  problems: ['idempotency-key-reused', 'no-ledger', 'starting'],
} as const

/** Models and releases: what serves is changed without dropping a request. */
export const models = {
  listReleases: {
    method: 'get',
    path: '/v1/releases',
    scope: 'science',
    summary: 'The releases, and which one is active.',
    replies: { 200: { says: 'All releases.', schema: schemas.ReleasesAnswer } },
    problems: ['starting'],
  },
  rollbackRelease: {
    method: 'post',
    path: '/v1/releases/rollback',
    scope: 'science',
    summary: 'Serves the release that was active before this one.',
    body: model.RollbackRequest,
    ...changing,
    replies: {
      200: { says: 'It serves the next request.', schema: model.PromotionAnswer },
      409: { says: 'There is none; or a reused key.', schema: model.PromotionRefused },
    },
    problems: ['no-release-before', ...changing.problems],
  },
  activateRelease: {
    method: 'post',
    path: '/v1/releases/{digest}/activate',
    scope: 'science',
    summary: 'Serves a release; to promote a run through its gates, see /v1/models.',
    pathParameters: model.ReleasePath,
    ...changing,
    replies: { 200: { says: 'It serves the next request.', schema: model.ReleaseActivated } },
    problems: ['unknown-release', ...changing.problems],
  },
  listModels: {
    method: 'get',
    path: '/v1/models',
    scope: 'science',
    summary: 'The training runs with their configs and figures.',
    replies: { 200: { says: 'All runs, by id.', schema: model.ModelsAnswer } },
    problems: ['starting'],
  },
  promoteModel: {
    method: 'post',
    path: '/v1/models/{run}/promote',
    scope: 'science',
    summary: 'Puts a run through the gates, builds its release and serves it.',
    pathParameters: model.RunPath,
    body: model.PromotionRequest,
    ...changing,
    replies: {
      200: { says: 'It serves the next request.', schema: model.PromotionAnswer },
      409: { says: 'Which gates are shut; or a reused key.', schema: model.PromotionRefused },
    },
    problems: ['unknown-run', 'gates-shut', 'unknown-gate', 'override-without-reason', ...changing.problems],
  },
} as const satisfies Record<string, Route>
