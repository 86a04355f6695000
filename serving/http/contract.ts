import { type z } from 'zod'
import { type Scope } from './keys.js'
import { type ProblemName } from './problems.js'
import * as assessment from './assessmentSchemas.js'
import * as purchase from './purchaseSchemas.js'
import * as schemas from './schemas.js'

/** A reply as documented: a schema for JSON, else the media type alone. */
export type Reply = { readonly says: string; readonly schema?: z.ZodType; readonly mediaType?: string }

export type Route = {
  readonly method: 'get' | 'post' | 'put' | 'delete'
  /** As in OpenAPI: `/v1/investors/{id}`. */
  readonly path: string
  /** Null: open to all. */
  readonly scope: Scope | null
  readonly summary: string
  readonly pathParameters?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  readonly replies: Readonly<Record<number, Reply>>
  /** Beside those that follow from scope, parameters and body. */
  readonly problems: readonly ProblemName[]
  /** Takes an Idempotency-Key. */
  readonly records?: true
}

const unavailableNow = [
  'no-release',
  'no-rule-pack',
  'no-catalogue',
  'no-ledger',
  'store-unreachable',
  'overloaded',
  'starting',
] as const

/** Every route: what is checked, documented and served. A handler for each stands in routes/. */
export const contract = {
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
  checkPurchase: {
    method: 'post',
    path: '/v1/purchase-checks',
    scope: 'app',
    summary:
      'Whether an investor may buy a product of his own accord: permitted, to be confirmed step by step, or blocked; with the costs, and recorded before it is answered. It is no recommendation.',
    body: purchase.PurchaseCheckRequest,
    records: true,
    replies: {
      200: { says: 'The verdict, and the steps that it wants.', schema: purchase.PurchaseCheckAnswer },
      409: { says: 'A reused key.', schema: schemas.Problem },
    },
    problems: [
      'unknown-investor',
      'unknown-product',
      'idempotency-key-reused',
      'no-rule-pack',
      'no-catalogue',
      'no-ledger',
      'store-unreachable',
      'starting',
    ],
  },
  confirmPurchase: {
    method: 'post',
    path: '/v1/purchase-checks/{id}/confirmations',
    scope: 'app',
    summary:
      'Confirms the next step of a purchase check; judged again, and recorded, before it is answered. After the last step, and until it expires, the purchase is permitted.',
    pathParameters: purchase.PurchaseCheckPath,
    body: purchase.ConfirmationRequest,
    records: true,
    replies: {
      200: { says: 'Confirmed; what comes next.', schema: purchase.ConfirmationAnswer },
      409: { says: 'Not confirmed, and why; or a reused key.', schema: purchase.RefusedOrReusedKey },
    },
    problems: [
      'unknown-investor',
      'unknown-purchase-check',
      'investor-erased',
      'purchase-blocked',
      'confirmation-not-needed',
      'confirmation-out-of-order',
      'confirmation-repeated',
      'confirmation-text-changed',
      'confirmation-too-early',
      'confirmation-expired',
      'check-changed',
      'idempotency-key-reused',
      'no-rule-pack',
      'no-catalogue',
      'no-ledger',
      'store-unreachable',
      'starting',
    ],
  },
  purchaseStanding: {
    method: 'get',
    path: '/v1/purchase-checks/{id}/standing',
    scope: 'app',
    summary:
      'Where a purchase check stands now, judged anew: ask before the order is carried out, for product, profile and rules may have changed since. Not recorded.',
    pathParameters: purchase.PurchaseCheckPath,
    replies: { 200: { says: 'Where it stands.', schema: purchase.StandingAnswer } },
    problems: [
      'unknown-purchase-check',
      'investor-erased',
      'no-rule-pack',
      'no-catalogue',
      'no-ledger',
      'store-unreachable',
      'starting',
    ],
  },
  showPurchaseCheck: {
    method: 'get',
    path: '/v1/purchase-checks/{id}',
    scope: 'risk',
    summary: 'A purchase check as recorded, what was shown, and each confirmation, unless the investor was erased.',
    pathParameters: purchase.PurchaseCheckPath,
    replies: { 200: { says: 'The check.', schema: purchase.PurchaseCheckShown } },
    problems: ['unknown-purchase-check', 'no-ledger', 'starting'],
  },
  addEvents: {
    method: 'post',
    path: '/v1/events',
    scope: 'app',
    summary:
      'Takes in what investors did, all of it or nothing; durable before it is answered, and read by the next recommendation. An event id counts once. An event of an unknown investor is a fault of the request.',
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
    summary: 'Puts a profile, known from now on. Left-out fields take their defaults.',
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
  showQuestionnaire: {
    method: 'get',
    path: '/v1/questionnaires/{version}',
    scope: 'app',
    summary: 'The questions and options of a risk questionnaire, in the language asked for.',
    pathParameters: assessment.QuestionnairePath,
    replies: { 200: { says: 'The questionnaire.', schema: assessment.QuestionnaireAnswer } },
    problems: ['unknown-questionnaire', 'starting'],
  },
  assess: {
    method: 'post',
    path: '/v1/investors/{id}/assessments',
    scope: 'app',
    summary:
      'Scores the answers to a risk questionnaire: level and facts go into the profile, recorded before it is answered. Says what he holds that no longer fits.',
    pathParameters: schemas.InvestorPath,
    body: assessment.AssessmentRequest,
    records: true,
    replies: {
      200: { says: 'The level, and until when it counts.', schema: assessment.AssessmentAnswer },
      409: { says: 'No level was given, and why; or a reused key.', schema: assessment.AssessmentRefused },
    },
    problems: [
      'unknown-investor',
      'too-many-assessments',
      'contradictory-answers',
      'idempotency-key-reused',
      'no-rule-pack',
      'no-catalogue',
      'no-ledger',
      'store-unreachable',
      'starting',
    ],
  },
  showAssessment: {
    method: 'get',
    path: '/v1/assessments/{id}',
    scope: 'risk',
    summary: 'An assessment as recorded, with answers, points and level unless the investor was erased.',
    pathParameters: assessment.AssessmentPath,
    replies: { 200: { says: 'The assessment.', schema: assessment.AssessmentShown } },
    problems: ['unknown-record', 'no-ledger', 'starting'],
  },
  changeClass: {
    method: 'post',
    path: '/v1/investors/{id}/class',
    scope: 'risk',
    summary:
      'Makes an investor professional where the evidence meets the criteria of the pack, or ordinary again; recorded, granted or not, before it is answered.',
    pathParameters: schemas.InvestorPath,
    body: assessment.ClassChangeRequest,
    records: true,
    replies: {
      200: { says: 'Whether it was granted, and if not, why.', schema: assessment.ClassChangeAnswer },
      409: { says: 'A reused key.', schema: schemas.Problem },
    },
    problems: [
      'unknown-investor',
      'idempotency-key-reused',
      'no-rule-pack',
      'no-catalogue',
      'no-ledger',
      'store-unreachable',
      'starting',
    ],
  },
  showClassChange: {
    method: 'get',
    path: '/v1/class-changes/{id}',
    scope: 'risk',
    summary: 'A change of class as recorded, with evidence and approval unless the investor was erased.',
    pathParameters: assessment.ClassChangePath,
    replies: { 200: { says: 'The change.', schema: assessment.ClassChangeShown } },
    problems: ['unknown-record', 'no-ledger', 'starting'],
  },
  matchHoldings: {
    method: 'get',
    path: '/v1/investors/{id}/holdings',
    scope: 'app',
    summary:
      'What he holds, matched again with his profile and the ratings as they are now: what no longer fits, and why.',
    pathParameters: schemas.InvestorPath,
    replies: {
      200: { says: 'Every product that he holds, in one of three lists.', schema: assessment.HoldingsMatched },
    },
    problems: ['unknown-investor', 'no-rule-pack', 'no-catalogue', 'no-ledger', 'store-unreachable', 'starting'],
  },
  holdersNotFitting: {
    method: 'get',
    path: '/v1/products/{id}/holders-not-fitting',
    scope: 'risk',
    summary: 'By pages over the investors of the firm: those who hold a product that no longer fits them, and why.',
    pathParameters: schemas.ProductPath,
    query: assessment.HoldersQuery,
    replies: { 200: { says: 'A page, and how many investors were looked at.', schema: assessment.HoldersAnswer } },
    problems: ['unknown-product', 'no-rule-pack', 'no-catalogue', 'no-ledger', 'store-unreachable', 'starting'],
  },
  putProduct: {
    method: 'put',
    path: '/v1/products/{id}',
    scope: 'catalogue',
    summary: 'Puts a product; binds every later decision.',
    pathParameters: schemas.ProductPath,
    body: schemas.ProductRequest,
    replies: { 200: { says: 'The revision that holds it.', schema: schemas.ProductPut } },
    problems: ['starting'],
  },
  listProducts: {
    method: 'get',
    path: '/v1/products',
    scope: 'catalogue',
    summary: 'The catalogue by pages, in the order in which products first appeared.',
    query: schemas.ProductsQuery,
    replies: { 200: { says: 'A page.', schema: schemas.ProductsPage } },
    problems: ['no-catalogue', 'starting'],
  },
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
  listReleases: {
    method: 'get',
    path: '/v1/releases',
    scope: 'science',
    summary: 'The releases, and which one is active.',
    replies: { 200: { says: 'All releases.', schema: schemas.ReleasesAnswer } },
    problems: ['starting'],
  },
  health: {
    method: 'get',
    path: '/healthz',
    scope: null,
    summary: 'Whether the process answers.',
    replies: { 200: { says: 'It does.', schema: schemas.Health } },
    problems: [],
  },
  ready: {
    method: 'get',
    path: '/readyz',
    scope: null,
    summary: 'Whether recommendations can be served, and if not, what is under way or missing.',
    replies: {
      200: { says: 'They can.', schema: schemas.Ready },
      503: { says: 'Not yet.', schema: schemas.NotReady },
    },
    problems: [],
  },
  metrics: {
    method: 'get',
    path: '/metrics',
    scope: null,
    summary: 'Counters of this process in the Prometheus text format.',
    replies: { 200: { says: 'The exposition.', mediaType: 'text/plain' } },
    problems: [],
  },
  openapi: {
    method: 'get',
    path: '/openapi.json',
    scope: null,
    summary: 'This description, as OpenAPI 3.1.',
    replies: { 200: { says: 'The document.', mediaType: 'application/json' } },
    problems: [],
  },
  docs: {
    method: 'get',
    path: '/docs',
    scope: null,
    summary: 'This description, to read.',
    replies: { 200: { says: 'A page.', mediaType: 'text/html' } },
    problems: [],
  },
} as const satisfies Record<string, Route>

export type Contract = typeof contract
export type RouteName = keyof Contract
