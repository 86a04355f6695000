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
} as const satisfies Record<string, ProblemKind>

export type RuleProblem = keyof typeof ruleProblems
