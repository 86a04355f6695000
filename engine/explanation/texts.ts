import { type Coded, type Params } from '../decision.js'

export const languages = ['zh-CN', 'en'] as const
export type Language = (typeof languages)[number]
type Texts = Readonly<Record<Language, string>>

/**
 * The words of every code. None promises, hurries or praises: CSRC 2020/59 Art 15 and the network-marketing measures
 * count 低风险, 高收益 and 低门槛 as inducing, so a level is named by its letter only.
 */
const texts: Readonly<Record<string, Texts>> = {
  SIMILAR_TO_PURCHASED: { 'zh-CN': '与您购买过的产品{productId}相近', en: 'Close to {productId}, which you bought' },
  SIMILAR_TO_VIEWED: { 'zh-CN': '与您浏览过的产品{productId}相近', en: 'Close to {productId}, which you looked at' },
  SERVES_OBJECTIVE: { 'zh-CN': '符合您的投资目标：{objective}', en: 'Made for your objective: {objective}' },
  WITHIN_HORIZON: {
    'zh-CN': '建议持有期{minHorizonMonths}个月，不超过您的投资期限{horizonMonths}个月',
    en: 'Recommended holding period of {minHorizonMonths} months, within your horizon of {horizonMonths}',
  },
  WITHIN_TOLERANCE: {
    'zh-CN': '风险等级{riskLevel}，不高于您的风险承受能力{toleranceLevel}',
    en: 'Risk level {riskLevel}, not above your tolerance {toleranceLevel}',
  },
  PLACE_KEPT: {
    'zh-CN': '列表为“{floor}”保留展示名额，本产品因此列入',
    en: 'The list keeps places for “{floor}”; this product has one of them',
  },
  NOT_PERSONALISED: {
    'zh-CN': '您已关闭个性化推荐，此列表未使用您的行为信息',
    en: 'You opted out of personalised recommendation; this list does not use your behaviour',
  },
  RISK_LEVEL: { 'zh-CN': '产品风险等级：{riskLevel}', en: 'Risk level of the product: {riskLevel}' },
  RATED_BY_KIND: {
    'zh-CN': '缺少净值波动数据，风险等级按产品类型保守确定',
    en: 'Rated conservatively by its kind: no series gives its volatility',
  },
  NAV_AS_OF: { 'zh-CN': '净值日期：{navDate}', en: 'Net asset value as of {navDate}' },
  LOCKUP: { 'zh-CN': '锁定期{days}天，期间不可赎回', en: 'Locked for {days} days; no redemption before' },
  REDEMPTION_FEE: {
    'zh-CN': '持有少于{heldDaysBelow}天赎回，赎回费率{feePercent}%',
    en: 'Redemption fee of {feePercent}% when held for less than {heldDaysBelow} days',
  },
  REDEEMED_LATELY: {
    'zh-CN': '您在最近{days}天内赎回过该产品，再次购买会再次产生费用',
    en: 'You redeemed this product within the last {days} days; buying it back costs fees again',
  },
  PURCHASE_LIMITED: { 'zh-CN': '当前限制大额申购', en: 'Large purchases are limited at present' },
  STATUS_ASSUMED: {
    'zh-CN': '申购状态为推定，请以产品公告为准',
    en: 'Whether it can be bought is assumed; the product’s notices decide',
  },
  SIMULATED: { 'zh-CN': '模拟产品，并非真实产品', en: 'A simulated product, not a real one' },
  PRO_NO_ROUTE: {
    'zh-CN': '适用的规则没有规定转为专业投资者的这一途径',
    en: 'The rules in force know no such way to become a professional investor',
  },
  PRO_MEANS: {
    'zh-CN': '金融资产须不低于{assets}{currency}，或近3年年均收入不低于{income}{currency}',
    en: 'Financial assets of {assets} {currency}, or a mean yearly income of {income} {currency} over 3 years, are wanted',
  },
  PRO_EXPERIENCE: {
    'zh-CN': '投资经历须满{years}年',
    en: 'Years of experience in investing that are wanted: {years} or more',
  },
  PRO_DOCUMENTS: {
    'zh-CN': '须提供至少一份证明材料',
    en: 'At least one document that shows it is wanted',
  },
  PRO_FIRM_REFUSES: {
    'zh-CN': '经营机构未同意该申请，您仍为普通投资者，并享有相应的保护',
    en: 'The firm did not agree to the request; you stay an ordinary investor, with the protection of one',
  },
  NO_GUARANTEE: {
    'zh-CN': '基金有风险，过往业绩不代表未来表现',
    en: 'Investments can lose value; past performance says nothing of the future',
  },
}

const objectives: Readonly<Record<string, Texts>> = {
  liquidity: { 'zh-CN': '流动性', en: 'liquidity' },
  preservation: { 'zh-CN': '资产保值', en: 'preservation of capital' },
  income: { 'zh-CN': '获取收入', en: 'income' },
  growth: { 'zh-CN': '资产增值', en: 'growth' },
  'aggressive-growth': { 'zh-CN': '积极增值', en: 'aggressive growth' },
}

/** An objective in words; any other value as it is. */
export const objectiveIn = (value: string, language: Language): string =>
  Object.hasOwn(objectives, value) ? (objectives[value]?.[language] ?? value) : value

/** A template taken apart: texts at even places, names between them. Taken apart once, for it is on the hot path. */
const parts = new Map<string, readonly string[]>()

/** Fills `{name}` from the params. Throws on a placeholder without a value: a text with a hole is a bug. */
export function fill(template: string, params: Params): string {
  let split = parts.get(template)
  if (split === undefined) parts.set(template, (split = template.split(/\{([^}]+)\}/)))
  let text = split[0] ?? ''
  for (let at = 1; at < split.length; at += 2) {
    const name = split[at] ?? ''
    const value = params[name]
    if (value === undefined) throw new Error(`text "${template}" has no value for {${name}}`)
    text += String(value) + (split[at + 1] ?? '')
  }
  return text
}

/** A coded statement in words. Throws on an unknown code. */
export function textOf({ code, params }: Coded, language: Language): string {
  const found = texts[code]
  if (found === undefined) throw new Error(`no text for code ${code}`)
  const objective = typeof params['objective'] === 'string' ? objectives[params['objective']]?.[language] : undefined
  return fill(found[language], objective === undefined ? params : { ...params, objective })
}
