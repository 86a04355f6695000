import { type Language } from '../../engine/explanation/texts.js'
import { type RefusalCode } from '../../engine/decision.js'
import { type UnavailableReason } from '../service.js'
import { type Answer, answer } from './answer.js'
import { type AssessmentProblem, assessmentProblems } from './assessmentProblems.js'
import { type ConfirmationProblem, confirmationProblems } from './confirmationProblems.js'
import { refusals } from './refusals.js'
import { type ModelProblem, modelProblems } from './modelProblems.js'
import { type RuleProblem, ruleProblems } from './ruleProblems.js'
import { unavailable } from './unavailable.js'

export type ProblemKind = {
  readonly status: number
  readonly title: Readonly<Record<Language, string>>
  readonly detail: Readonly<Record<Language, string>>
  readonly headers?: Readonly<Record<string, string>>
}

const requestFaults = {
  'malformed-request': {
    status: 400,
    title: { 'zh-CN': '请求格式有误', en: 'Malformed request' },
    detail: { 'zh-CN': '请求的地址或正文无法解码。', en: 'The address or the body of the request cannot be decoded.' },
  },
  'invalid-json': {
    status: 400,
    title: { 'zh-CN': '正文不是有效的 JSON', en: 'The body is not JSON' },
    detail: { 'zh-CN': '请发送一个 JSON 对象。', en: 'Send one JSON object, in UTF-8.' },
  },
  unauthenticated: {
    status: 401,
    title: { 'zh-CN': '缺少密钥或密钥无效', en: 'The key is missing or unknown' },
    detail: {
      'zh-CN': '请在请求头中发送 Authorization: Bearer 密钥。',
      en: 'Send the header Authorization: Bearer KEY.',
    },
    headers: { 'WWW-Authenticate': 'Bearer realm="aptus"' },
  },
  forbidden: {
    status: 403,
    title: { 'zh-CN': '密钥没有所需权限', en: 'The key lacks the scope' },
    detail: { 'zh-CN': '请使用具有 scope 所示权限的密钥。', en: 'Use a key that has the scope named in "scope".' },
  },
  'unknown-route': {
    status: 404,
    title: { 'zh-CN': '没有这个地址', en: 'No such route' },
    detail: { 'zh-CN': '所有地址见 /docs。', en: 'All routes stand at /docs.' },
  },
  'unknown-investor': {
    status: 404,
    title: { 'zh-CN': '未知的投资者', en: 'Unknown investor' },
    detail: {
      'zh-CN': '没有该编号的投资者资料；可用 PUT /v1/investors/{id} 建立。',
      en: 'No profile has this id; PUT /v1/investors/{id} makes one.',
    },
  },
  'unknown-decision': {
    status: 404,
    title: { 'zh-CN': '未知的决策', en: 'Unknown decision' },
    detail: {
      'zh-CN': '账本中没有该编号的决策，或当时的目录中没有该产品。',
      en: 'The ledger has no decision of this id for your firm, or its catalogue had no such product.',
    },
  },
  'unknown-product': {
    status: 404,
    title: { 'zh-CN': '未知的产品', en: 'Unknown product' },
    detail: { 'zh-CN': '目录中没有该编号的产品。', en: 'The catalogue has no product of this id.' },
  },
  'unknown-purchase-check': {
    status: 404,
    title: { 'zh-CN': '未知的购买检查', en: 'Unknown purchase check' },
    detail: {
      'zh-CN': '账本中没有该编号的购买检查，或它属于另一位投资者。',
      en: 'The ledger has no purchase check of this id for your firm, or it is that of another investor.',
    },
  },
  'method-not-allowed': {
    status: 405,
    title: { 'zh-CN': '该地址不支持此方法', en: 'The route does not take this method' },
    detail: { 'zh-CN': '可用的方法见 Allow 响应头。', en: 'The header Allow names those that it takes.' },
  },
  'idempotency-key-reused': {
    status: 409,
    title: { 'zh-CN': 'Idempotency-Key 已用于另一请求', en: 'The Idempotency-Key was used for another request' },
    detail: {
      'zh-CN': '24 小时内同一个键只能用于正文相同的请求。请为新请求生成新的键。',
      en: 'For 24 hours a key stands for one body. Make a new key for a new request.',
    },
  },
  'investor-erased': {
    status: 410,
    title: { 'zh-CN': '投资者资料已被删除', en: 'The investor was erased' },
    detail: {
      'zh-CN': '该记录所依据的个人资料已按要求删除，无法再逐条说明，也不能继续；账本中的记录仍可验证。',
      en: 'The details that this was decided from were erased on request, so it can neither be explained nor gone on with any more; the record in the ledger stays provable.',
    },
  },
  'body-too-large': {
    status: 413,
    title: { 'zh-CN': '正文过大', en: 'The body is too large' },
    detail: { 'zh-CN': '正文不得超过 256 KiB。', en: 'Send at most 256 KiB.' },
  },
  'unsupported-media-type': {
    status: 415,
    title: { 'zh-CN': '不支持的正文类型', en: 'The body has another media type' },
    detail: {
      'zh-CN': '请使用 Content-Type: application/json（UTF-8，不压缩）。',
      en: 'Send Content-Type: application/json, in UTF-8 and uncompressed.',
    },
  },
  'invalid-request': {
    status: 422,
    title: { 'zh-CN': '请求内容不符合要求', en: 'The request is not as the schema wants it' },
    detail: { 'zh-CN': 'errors 逐项指出问题所在。', en: '"errors" points to each fault.' },
  },
  'internal-error': {
    status: 500,
    title: { 'zh-CN': '内部错误', en: 'Internal error' },
    detail: {
      'zh-CN': '发生意外错误，详情已记入服务器日志；报告时请附 instance。',
      en: 'Something unexpected happened; the log of the server has it. Name "instance" when you report it.',
    },
  },
} as const satisfies Record<string, ProblemKind>

export type ProblemName =
  | keyof typeof requestFaults
  | AssessmentProblem
  | ModelProblem
  | RuleProblem
  | RefusalCode
  | ConfirmationProblem
  | UnavailableReason

/** Every problem that the API answers with, by the name in its `type`: the one table of statuses and words. */
export const problems: Readonly<Record<ProblemName, ProblemKind>> = {
  ...requestFaults,
  ...refusals,
  ...confirmationProblems,
  ...assessmentProblems,
  ...ruleProblems,
  ...modelProblems,
  ...unavailable,
}

/** A problem as RFC 9457 has it; `members` stand beside the standard ones. */
export function problem(
  name: ProblemName,
  language: Language,
  members: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const { status, title, detail, headers: own } = problems[name]
  const body = { type: `/problems/${name}`, title: title[language], status, detail: detail[language], ...members }
  return answer(status, body, {
    contentType: 'application/problem+json; charset=utf-8',
    headers: { 'Content-Language': language, Vary: 'Accept-Language', ...own, ...headers },
  })
}
