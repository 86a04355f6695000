import * as schemas from '../backtestSchemas.js'
import { type Route } from './route.js'

/** What a pack would have decided on the recorded decisions: begun, looked after, and read. */
export const backtests = {
  startBacktest: {
    method: 'post',
    path: '/v1/rules/backtests',
    scope: 'risk',
    summary: 'Begins a back-test of a pack on the recorded decisions of the firm; one at a time on a server.',
    body: schemas.BacktestRequest,
    replies: { 202: { says: 'Begun; Location tells where it is to be found.', schema: schemas.BacktestAnswer } },
    problems: ['backtest-under-way', 'no-ledger', 'starting'],
  },
  showBacktest: {
    method: 'get',
    path: '/v1/rules/backtests/{id}',
    scope: 'risk',
    summary: 'How far a back-test has come, or its figures. The last four are kept, until somebody is erased.',
    pathParameters: schemas.BacktestPath,
    replies: { 200: { says: 'As it stands.', schema: schemas.BacktestAnswer } },
    problems: ['unknown-backtest', 'no-ledger', 'starting'],
  },
  backtestReport: {
    method: 'get',
    path: '/v1/rules/backtests/{id}/report',
    scope: 'risk',
    summary: 'A back-test on one page: the bytes whose SHA-256 an approval commits to.',
    pathParameters: schemas.BacktestPath,
    replies: { 200: { says: 'The page.', mediaType: 'text/html' } },
    problems: ['unknown-backtest', 'backtest-under-way', 'no-ledger', 'starting'],
  },
} as const satisfies Record<string, Route>
