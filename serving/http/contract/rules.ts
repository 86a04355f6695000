import { ApprovalDocument, ProposalDocument, WithdrawalDocument } from '../../rules/ruleDocument.js'
import * as rule from '../ruleSchemas.js'
import { type Route } from './route.js'

const taking = {
  records: true,
  replies: {
    200: { says: 'Recorded.', schema: rule.RuleTakenAnswer },
    409: { says: 'Why it was not taken; or a reused key.', schema: rule.RuleChangeRefused },
  },
  problems: ['rule-change-refused', 'idempotency-key-reused', 'no-ledger', 'starting'],
} as const

/** Which rules judge, and how they are changed: two officers sign, whoever holds a key of this scope may hand it in. */
export const rules = {
  rulesInForce: {
    method: 'get',
    path: '/v1/rules/in-force',
    scope: 'risk',
    summary: 'The rule packs in force for the firm and for all firms, what is scheduled, and the officers.',
    replies: { 200: { says: 'The packs.', schema: rule.RulesInForceAnswer } },
    problems: ['no-ledger', 'starting'],
  },
  listRuleProposals: {
    method: 'get',
    path: '/v1/rules/proposals',
    scope: 'risk',
    summary: 'Every proposed change of rules of the firm and of all firms, what it changes, and what became of it.',
    replies: { 200: { says: 'The proposals, the oldest first.', schema: rule.RuleProposalsAnswer } },
    problems: ['no-ledger', 'starting'],
  },
  proposeRules: {
    method: 'post',
    path: '/v1/rules/proposals',
    scope: 'risk',
    summary: 'Proposes a pack from an instant on, signed by an officer ("aptus rules propose --out" makes the body).',
    body: ProposalDocument,
    ...taking,
  },
  approveRules: {
    method: 'post',
    path: '/v1/rules/proposals/{digest}/approvals',
    scope: 'risk',
    summary: 'Approves a proposal ahead of its instant, signed by another officer than who proposed it.',
    pathParameters: rule.ProposalPath,
    body: ApprovalDocument,
    ...taking,
  },
  withdrawRules: {
    method: 'post',
    path: '/v1/rules/proposals/{digest}/withdrawals',
    scope: 'risk',
    summary:
      'Takes back what waits for approval (one officer signs), or what was approved and is not yet in force (two).',
    pathParameters: rule.ProposalPath,
    body: WithdrawalDocument,
    ...taking,
  },
} as const satisfies Record<string, Route>
