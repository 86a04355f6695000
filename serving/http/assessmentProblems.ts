import { type ProblemKind } from './problems.js'

/** What is answered where no level is given. None suggests other answers than true ones. */
export const assessmentProblems = {
  'too-many-assessments': {
    status: 409,
    title: { 'zh-CN': '风险测评次数已达上限', en: 'The assessment was taken too often' },
    detail: {
      'zh-CN': '按照规则，风险测评在一定期间内的次数有限。最近一次测评结果仍然有效；可再次测评的日期见 againFrom。',
      en: 'By the rules an assessment may be taken so many times and no more. The last one stands; "againFrom" says from which day it can be taken again.',
    },
  },
  'contradictory-answers': {
    status: 409,
    title: { 'zh-CN': '答案相互矛盾', en: 'The answers contradict each other' },
    detail: {
      'zh-CN':
        '部分答案不能同时成立，见 contradictions。请按照实际情况重新填写；本次未形成测评结果，也不计入测评次数。',
      en: 'Some answers cannot both be true; "contradictions" names them. Please answer anew, as things are for you; no level was given, and it does not count as an assessment.',
    },
  },
  'unknown-questionnaire': {
    status: 404,
    title: { 'zh-CN': '未知的问卷版本', en: 'Unknown version of a questionnaire' },
    detail: { 'zh-CN': '没有该版本的风险测评问卷。', en: 'No questionnaire has this version.' },
  },
  'unknown-record': {
    status: 404,
    title: { 'zh-CN': '未知的记录', en: 'Unknown record' },
    detail: {
      'zh-CN': '账本中没有该编号的记录。',
      en: 'The ledger has no such entry of this id for your firm.',
    },
  },
} as const satisfies Record<string, ProblemKind>

export type AssessmentProblem = keyof typeof assessmentProblems
