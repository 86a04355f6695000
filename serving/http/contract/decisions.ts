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
} as const satisfies Record<string, Route>
