import * as schemas from '../entrySchemas.js'
import { type Route } from './route.js'

/** The search over everything that was recorded. */
export const entries = {
  findEntries: {
    method: 'get',
    path: '/v1/decisions',
    scope: 'risk',
    summary:
      'Decisions, purchase checks and all other entries by investor, product, rule, outcome, type and time; newest first.',
    query: schemas.EntriesQuery,
    replies: { 200: { says: 'A page of them.', schema: schemas.EntriesPage } },
    problems: ['no-ledger', 'starting'],
  },
  sampleDecisions: {
    method: 'get',
    path: '/v1/decisions/sample',
    scope: 'risk',
    summary:
      'A uniform sample of live decisions: the n whose SHA-256 of "aptus sample 1 SEED ID" is least; each with its proof.',
    query: schemas.SampleQuery,
    replies: { 200: { says: 'The sample, and from how many it was drawn.', schema: schemas.SampleAnswer } },
    problems: ['no-ledger', 'starting'],
  },
  coverDecisions: {
    method: 'get',
    path: '/v1/decisions/coverage',
    scope: 'risk',
    summary: 'What occurred in live traffic, and which rules, classes, products, scenes and refusals never did.',
    query: schemas.PeriodQuery,
    replies: { 200: { says: 'Counts of both.', schema: schemas.CoverageAnswer } },
    problems: ['no-ledger', 'starting'],
  },
} as const satisfies Record<string, Route>
