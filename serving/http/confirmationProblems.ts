import { type ConfirmationRefusal } from '../../engine/confirmations.js'
import { type ProblemKind } from './problems.js'

/** Why a step of a purchase's dialogue was not taken. None hurries, and none says that it is only a formality. */
export const confirmationProblems = {
  'purchase-blocked': {
    status: 409,
    title: { 'zh-CN': '该购买申请不予受理', en: 'This purchase is blocked' },
    detail: {
      'zh-CN': '按照适当性规则，您不能购买该产品，任何确认都不能改变这一结果。原因见检查结果。',
      en: 'By the suitability rules you cannot buy this product, and no confirmation changes that. The check says why.',
    },
  },
  'confirmation-not-needed': {
    status: 409,
    title: { 'zh-CN': '无需确认', en: 'Nothing is to be confirmed' },
    detail: {
      'zh-CN': '该检查没有需要确认的步骤。',
      en: 'This check asks for no confirmation.',
    },
  },
  'confirmation-out-of-order': {
    status: 409,
    title: { 'zh-CN': '确认步骤顺序不符', en: 'The confirmation is out of order' },
    detail: {
      'zh-CN': '请按顺序逐步确认；下一步见 next。',
      en: 'Confirm the steps one by one, in their order; "next" names the one that comes next.',
    },
  },
  'confirmation-repeated': {
    status: 409,
    title: { 'zh-CN': '该步骤已确认', en: 'The step was confirmed already' },
    detail: {
      'zh-CN': '该步骤此前已确认并记录，不再重复记录；当前状态见 state 与 next。',
      en: 'This step was confirmed and recorded before and is not recorded again; "state" and "next" say where it stands.',
    },
  },
  'confirmation-text-changed': {
    status: 409,
    title: { 'zh-CN': '确认的文本与所示文本不一致', en: 'The text is not the one that was shown' },
    detail: {
      'zh-CN': '请展示检查结果中的文本，并原样回传其 textDigest。',
      en: 'Show the text that the check gave, and send back its textDigest as it stands.',
    },
  },
  'confirmation-too-early': {
    status: 409,
    title: { 'zh-CN': '尚未到可确认的时间', en: 'The step cannot be confirmed yet' },
    detail: {
      'zh-CN': '该步骤为您预留了考虑时间；可确认的时间见 next.notBefore。',
      en: 'Time to think is kept for this step; "next.notBefore" says from when on it can be confirmed.',
    },
  },
  'confirmation-expired': {
    status: 409,
    title: { 'zh-CN': '该检查已过期', en: 'The check has expired' },
    detail: {
      'zh-CN': '确认未在规定时间内完成，此前的确认不再有效。如仍希望购买，请重新检查。',
      en: 'The confirmations were not given within its time, and those that were count no more. To buy, a new check is needed.',
    },
  },
  'check-changed': {
    status: 409,
    title: { 'zh-CN': '情况已发生变化', en: 'Things have changed since the check' },
    detail: {
      'zh-CN': '产品、您的资料或规则自检查以来已发生变化，现在的结果会不同。如仍希望购买，请重新检查。',
      en: 'The product, your details or the rules have changed since, and the check would come out differently now. To buy, a new check is needed.',
    },
  },
} as const satisfies Record<string, ProblemKind>

export type ConfirmationProblem = keyof typeof confirmationProblems

/** Each refusal of the dialogue by the name of its problem. */
export const problemOf: Readonly<Record<ConfirmationRefusal, ConfirmationProblem>> = {
  blocked: 'purchase-blocked',
  'no-confirmations': 'confirmation-not-needed',
  expired: 'confirmation-expired',
  'already-confirmed': 'confirmation-repeated',
  'wrong-step': 'confirmation-out-of-order',
  'text-changed': 'confirmation-text-changed',
  'too-early': 'confirmation-too-early',
  changed: 'check-changed',
}
