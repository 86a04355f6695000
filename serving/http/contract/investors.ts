import * as privacySchemas from '../privacySchemas.js'
import * as schemas from '../schemas.js'
import { type Route } from './route.js'

/** Profiles and what investors did. */
export const investors = {
  addEvents: {
    method: 'post',
    path: '/v1/events',
    scope: 'app',
    summary:
      'Takes in what investors did, all of it or nothing; durable before it is answered, and read by the next recommendation. An event id counts once. An event of an unknown investor, and a value that cannot be true, is a fault of the request.',
    body: schemas.EventsRequest,
    records: true,
    replies: {
      200: { says: 'Kept.', schema: schemas.EventsAnswer },
      409: { says: 'A reused key.', schema: schemas.Problem },
    },
    problems: ['idempotency-key-reused', 'store-unreachable', 'starting'],
  },
  putInvestor: {
    method: 'put',
    path: '/v1/investors/{id}',
    scope: 'app',
    summary:
      'Puts a profile, known from now on. Left-out fields take their defaults; a value that cannot be true is refused.',
    pathParameters: schemas.InvestorPath,
    body: schemas.InvestorRequest,
    replies: { 204: { says: 'Kept; the next recommendation reads it.' } },
    problems: ['store-unreachable', 'starting'],
  },
  getInvestor: {
    method: 'get',
    path: '/v1/investors/{id}',
    scope: 'app',
    summary: 'The profile as it is known now, and what the investor did.',
    pathParameters: schemas.InvestorPath,
    replies: { 200: { says: 'The investor.', schema: schemas.InvestorAnswer } },
    problems: ['unknown-investor', 'store-unreachable', 'starting'],
  },
  deleteInvestor: {
    method: 'delete',
    path: '/v1/investors/{id}',
    scope: 'app',
    summary:
      'Erases the person everywhere; the ledger stays provable, and says that it was done. With report=true the answer names the models that had learnt from him.',
    pathParameters: schemas.InvestorPath,
    query: privacySchemas.ErasureQuery,
    replies: {
      200: { says: 'Erased: the report that was asked for.', schema: privacySchemas.ErasureAnswer },
      204: { says: 'Erased.' },
    },
    problems: ['unknown-investor', 'store-unreachable', 'no-ledger', 'starting'],
  },
  exportInvestor: {
    method: 'get',
    path: '/v1/investors/{id}/export',
    scope: 'risk',
    summary:
      'Everything that is held on a person, for his request to see it: revisions, events, features, what was recorded with what is sealed, rejected lines, kept answers, and the models that learnt from him. The read is recorded, and in it.',
    pathParameters: schemas.InvestorPath,
    replies: { 200: { says: 'All of it.', schema: privacySchemas.PersonalDataAnswer } },
    problems: ['unknown-investor', 'store-unreachable', 'no-ledger', 'starting'],
  },
} as const satisfies Record<string, Route>
