import { type ProblemKind } from './problems.js'

export const modelProblems = {
  'unknown-run': {
    status: 404,
    title: { 'zh-CN': '未知的训练记录', en: 'Unknown run' },
    detail: {
      'zh-CN': '没有该编号的训练；GET /v1/models 列出全部。',
      en: 'No run has this id; GET /v1/models lists all.',
    },
  },
  'unknown-release': {
    status: 404,
    title: { 'zh-CN': '未知的发布', en: 'Unknown release' },
    detail: {
      'zh-CN': '没有该摘要的发布；GET /v1/releases 列出全部。',
      en: 'No release has this digest; GET /v1/releases lists all.',
    },
  },
  'no-release-before': {
    status: 409,
    title: { 'zh-CN': '没有更早的发布', en: 'No release was active before' },
    detail: { 'zh-CN': '无可回退的发布；未作任何更改。', en: 'There is nothing to go back to; nothing was changed.' },
  },
  'gates-shut': {
    status: 409,
    title: { 'zh-CN': '未通过上线检查', en: 'The run does not pass the gates' },
    detail: {
      'zh-CN': '未作任何更改；gates 逐项说明。可在 override 中具名放行并说明 reason。',
      en: 'Nothing was changed; "gates" tells each. Name those to be passed over in "override", with a "reason".',
    },
  },
  'unknown-gate': {
    status: 422,
    title: { 'zh-CN': '未知的上线检查', en: 'No such gate' },
    detail: {
      'zh-CN': 'override 含有不存在的检查名；未作任何更改，gates 列出全部。',
      en: '"override" names a gate that there is not; nothing was changed, and "gates" names all.',
    },
  },
  'override-without-reason': {
    status: 409,
    title: { 'zh-CN': '放行须说明理由', en: 'An override needs a reason' },
    detail: { 'zh-CN': '请填写 reason；它将记入账本。', en: 'Give "reason"; the ledger keeps it.' },
  },
} as const satisfies Record<string, ProblemKind>

export type ModelProblem = keyof typeof modelProblems
