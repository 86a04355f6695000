import { type RefusalCode } from '../../engine/decision.js'
import { type ProblemKind } from './problems.js'

/**
 * Each refusal as a problem, in words for the investor: what is missing and what he can do about it. None promises a
 * product afterwards, hurries, or suggests other answers to the questionnaire (CSRC 2020/59 Art 15).
 */
export const refusals: Readonly<Record<RefusalCode, ProblemKind>> = {
  'no-assessment': {
    status: 409,
    title: { 'zh-CN': '没有有效的风险测评', en: 'No valid risk assessment' },
    detail: {
      'zh-CN': '没有您的有效风险测评结果，因此不向您推荐产品。您可以如实填写风险测评问卷；测评完成后可再次查看。',
      en: 'There is no valid risk assessment of yours, so no product is recommended. You can fill in the risk questionnaire, truthfully, and look again afterwards.',
    },
  },
  'assessment-expired': {
    status: 409,
    title: { 'zh-CN': '风险测评已过期', en: 'The risk assessment has expired' },
    detail: {
      'zh-CN': '您的风险测评已超过有效期，视同没有测评。您可以按目前的实际情况重新填写问卷，之后再次查看。',
      en: 'Your risk assessment is past its term and counts as none. You can fill in the questionnaire anew, as things are for you today, and look again afterwards.',
    },
  },
  'consent-missing': {
    status: 409,
    title: { 'zh-CN': '尚未同意使用您的信息', en: 'Your consent is missing' },
    detail: {
      'zh-CN':
        '您未同意为适当性匹配使用您的个人信息，因此不向您推荐产品。是否同意由您决定；您可以在设置中更改，也可以自行浏览产品。',
      en: 'You have not agreed that your data be used to match products to you, so none is recommended. The choice is yours: you can change it in the settings, or look through the products yourself.',
    },
  },
  'profile-stale': {
    status: 409,
    title: { 'zh-CN': '个人资料需要更新', en: 'Your details need an update' },
    detail: {
      'zh-CN': '您的个人资料已较长时间未确认，无法据此判断产品是否适合您。您可以核对并更新资料，之后再次查看。',
      en: 'Your details were confirmed too long ago to judge by them what suits you. You can check and update them, and look again afterwards.',
    },
  },
  'profile-incomplete': {
    status: 409,
    title: { 'zh-CN': '个人资料不完整', en: 'Your details are incomplete' },
    detail: {
      'zh-CN':
        '您的个人资料缺少判断产品是否适合您所必需的内容，因此不向您推荐产品。您可以如实补充资料，之后再次查看；也可以自行浏览产品。',
      en: 'Your details lack something that is needed to judge what suits you, so no product is recommended. You can add it, truthfully, and look again afterwards, or look through the products yourself.',
    },
  },
  'no-suitable-product': {
    status: 409,
    title: { 'zh-CN': '目前没有适合您的产品', en: 'No product suits you at present' },
    detail: {
      'zh-CN':
        '按照适当性规则，目前没有产品与您的资料相匹配，因此不显示任何产品。您可以核对资料是否仍与实际相符，或日后再次查看。',
      en: 'By the suitability rules no product matches your details at present, so none is shown. You can check that your details are still true, or look again another day.',
    },
  },
}
