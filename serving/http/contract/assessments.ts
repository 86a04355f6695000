import * as assessment from '../assessmentSchemas.js'
import * as schemas from '../schemas.js'
import { type Route } from './route.js'

/** Questionnaires, classes, and holdings matched again. */
export const assessments = {
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
} as const satisfies Record<string, Route>
