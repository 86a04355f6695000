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
    summary: 'Erases the person everywhere; the ledger stays provable.',
    pathParameters: schemas.InvestorPath,
    replies: { 204: { says: 'Erased.' } },
    problems: ['unknown-investor', 'store-unreachable', 'no-ledger', 'starting'],
  },
} as const satisfies Record<string, Route>
