import * as schemas from '../schemas.js'
import { type Route } from './route.js'

/** The audit of decisions. */
export const decisions = {
  showDecision: {
    method: 'get',
    path: '/v1/decisions/{id}',
    scope: 'risk',
    summary: 'A decision as recorded, with the inputs of the investor unless he was erased.',
    pathParameters: schemas.DecisionPath,
    replies: { 200: { says: 'The decision.', schema: schemas.DecisionAnswer } },
    problems: ['unknown-decision', 'no-ledger', 'starting'],
  },
  whyProduct: {
    method: 'get',
    path: '/v1/decisions/{id}/products/{productId}',
    scope: 'risk',
    summary: 'Why a product was or was not recommendable in a decision, judged anew from the recorded inputs.',
    pathParameters: schemas.DecisionProductPath,
    replies: { 200: { says: 'The findings; none means permitted.', schema: schemas.WhyAnswer } },
    problems: ['unknown-decision', 'investor-erased', 'no-ledger', 'starting'],
  },
  decisionProducts: {
    method: 'get',
    path: '/v1/decisions/{id}/products',
    scope: 'risk',
    summary: 'Why, or why not, of every product of the catalogue of a decision, in its order, a page at a time.',
    pathParameters: schemas.DecisionPath,
    query: schemas.DecisionProductsQuery,
    replies: { 200: { says: 'A page of products, each with its findings.', schema: schemas.DecisionProductsAnswer } },
    problems: ['unknown-decision', 'investor-erased', 'no-ledger', 'starting'],
  },
  decisionReport: {
    method: 'get',
    path: '/v1/decisions/{id}/report',
    scope: 'risk',
    summary:
      'A decision on one page to print or hand on: what was shown and why, by which rules, and how to verify it.',
    pathParameters: schemas.DecisionPath,
    query: schemas.ReportQuery,
    replies: { 200: { says: 'The page, in the language asked for.', mediaType: 'text/html' } },
    problems: ['unknown-decision', 'no-ledger', 'starting'],
  },
  exposures: {
    method: 'get',
    path: '/v1/audit/exposures',
    scope: 'risk',
    summary: 'What callers say was shown, held against the ledger: slates never recorded, and items that differ.',
    query: schemas.ExposuresQuery,
    replies: { 200: { says: 'Counts of all exposures, and the first that differ.', schema: schemas.ExposuresAnswer } },
    problems: ['no-ledger', 'starting'],
  },
  counterfactual: {
    method: 'get',
    path: '/v1/decisions/{id}/products/{productId}/counterfactual',
    scope: 'risk',
    summary:
      'The smallest change of an input of the investor under which a product would have been permitted. For the auditor alone: it is no advice, and nobody is to be told to state what he is not.',
    pathParameters: schemas.DecisionProductPath,
    replies: { 200: { says: 'The change, or what stood against any.', schema: schemas.CounterfactualAnswer } },
    problems: ['unknown-decision', 'investor-erased', 'no-ledger', 'starting'],
  },
  replayDecision: {
    method: 'post',
    path: '/v1/decisions/{id}/replay',
    scope: 'risk',
    summary: 'Decides a recorded decision again, from what it was made with, and compares every byte; records nothing.',
    pathParameters: schemas.DecisionPath,
    query: schemas.ReplayQuery,
    replies: { 200: { says: 'Whether it is the same, and what is not.', schema: schemas.ReplayAnswer } },
    problems: ['unknown-decision', 'no-ledger', 'starting'],
  },
} as const satisfies Record<string, Route>
