import { type ProblemKind } from './problems.js'

export const ruleProblems = {
  'rule-change-refused': {
    status: 409,
    title: { 'zh-CN': '规则变更未被接受', en: 'The change of rules was not taken' },
    detail: {
      'zh-CN': '未作任何记录；原因见 reason 和 why。',
      en: 'Nothing was recorded; "reason" and "why" say what stands against it.',
    },
  },
  'backtest-under-way': {
    status: 409,
    title: { 'zh-CN': '回测正在进行', en: 'A back-test is under way' },
    detail: {
      'zh-CN': '每台服务器一次只进行一项回测；请待其结束。',
      en: 'A server does one at a time: wait until it is done.',
    },
  },
  'unknown-backtest': {
    status: 404,
    title: { 'zh-CN': '未知的回测', en: 'Unknown back-test' },
    detail: {
      'zh-CN': '没有该编号的回测，或已不再保留；请重新开始。',
      en: 'There is none of this id, or it is kept no more: begin it again.',
    },
  },
} as const satisfies Record<string, ProblemKind>

export type RuleProblem = keyof typeof ruleProblems
