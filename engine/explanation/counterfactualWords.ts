import { type Counterfactual, type Change } from '../counterfactual/counterfactual.js'
import { type investorInputs } from '../suitability/vocabulary.js'
import { fill, type Language, objectiveIn } from './texts.js'

type Texts = Readonly<Record<Language, string>>

/** What would have had to be so, of each input: as the end of "it would have been permitted if …". */
const conditions: Readonly<Record<keyof typeof investorInputs, Texts>> = {
  consentProfiling: { 'zh-CN': '投资者已同意使用其信息', en: 'consent to the use of the profile had been given' },
  optedOut: { 'zh-CN': '个性化推荐的设置不同', en: 'the choice about personalised recommendation had been another' },
  profileStale: { 'zh-CN': '投资者信息在有效期限内', en: 'the profile had been within its term' },
  assessmentExpired: { 'zh-CN': '风险测评在有效期限内', en: 'the risk assessment had been within its term' },
  sustainability: {
    'zh-CN': '可持续投资偏好为“{to}”（当时为{from}）',
    en: 'the sustainability preference had been “{to}” (it was {from})',
  },
  taxStatus: { 'zh-CN': '税务状况为“{to}”（当时为{from}）', en: 'the tax status had been “{to}” (it was {from})' },
  otherInvestments: {
    'zh-CN': '其他投资为“{to}”（当时为{from}）',
    en: 'the other investments had been “{to}” (they were {from})',
  },
  liquidityNeeds: {
    'zh-CN': '流动性需求为“{to}”（当时为{from}）',
    en: 'the need of money at short notice had been “{to}” (it was {from})',
  },
  objectives: {
    'zh-CN': '投资目标为{to}（当时为{from}）',
    en: 'the objectives had been {to} (they were {from})',
  },
  horizonMonths: {
    'zh-CN': '投资期限为{to}个月（当时为{from}）',
    en: 'the horizon had been {to} months (it was {from})',
  },
  knownKinds: {
    'zh-CN': '了解的产品类型为{to}（当时为{from}）',
    en: 'the kinds of product known had been {to} (they were {from})',
  },
  lossCapacityBps: {
    'zh-CN': '能承受的最大损失为{to}个基点（当时为{from}）',
    en: 'the largest bearable loss had been {to} basis points (it was {from})',
  },
  riskLevel: {
    'zh-CN': '风险测评结果为C{to}（当时为{from}）',
    en: 'the assessment had given C{to} (it gave {from})',
  },
  c1Minimum: {
    'zh-CN': '投资者不属于风险承受能力最低类别',
    en: 'the investor had not been of the lowest tolerance',
  },
  assetBand: {
    'zh-CN': '金融资产区间为{to}（当时为{from}）',
    en: 'the band of financial assets had been {to} (it was {from})',
  },
  financialAssetsMinor: {
    'zh-CN': '金融资产为{to}（最小货币单位，当时为{from}）',
    en: 'the financial assets had been {to} in minor units (they were {from})',
  },
  yearlyIncomeMinor: {
    'zh-CN': '年收入为{to}（最小货币单位，当时为{from}）',
    en: 'the yearly income had been {to} in minor units (it was {from})',
  },
  investorClass: {
    'zh-CN': '投资者类别为“{to}”（当时为{from}）',
    en: 'the class of investor had been “{to}” (it was {from})',
  },
  assessmentsToday: {
    'zh-CN': '当日测评次数为{to}（当时为{from}）',
    en: 'the assessments of that day had been {to} (they were {from})',
  },
  assessmentsLast12Months: {
    'zh-CN': '近12个月测评次数为{to}（当时为{from}）',
    en: 'the assessments of 12 months had been {to} (they were {from})',
  },
  turnoverBps12Months: {
    'zh-CN': '近12个月购买金额占金融资产{to}个基点（当时为{from}）',
    en: 'the purchases of 12 months had been {to} basis points of the financial assets (they were {from})',
  },
  costBps12Months: {
    'zh-CN': '近12个月购买费用占金融资产{to}个基点（当时为{from}）',
    en: 'the costs of buying of 12 months had been {to} basis points of the financial assets (they were {from})',
  },
  recentlyRedeemed: {
    'zh-CN': '近期赎回的产品为{to}（当时为{from}）',
    en: 'the products redeemed not long before had been {to} (they were {from})',
  },
  ageYears: { 'zh-CN': '年龄为{to}岁（当时为{from}）', en: 'the age had been {to} (it was {from})' },
}

const summaries = {
  permitted: { 'zh-CN': '该产品当时允许推荐，无需任何变化', en: 'it was permitted: nothing would have had to differ' },
  one: { 'zh-CN': '如果{first}，该产品当时会被允许推荐', en: 'it would have been permitted if {first}' },
  two: {
    'zh-CN': '任何单项变化都不够；如果{first}，并且{second}，该产品当时会被允许推荐',
    en: 'no single change suffices; it would have been permitted if {first}, and {second}',
  },
  product: {
    'zh-CN': '由产品或日期的事实决定，与投资者无关：{rules}',
    en: 'not by the investor: facts of the product or of the day decide under {rules}',
  },
  none: {
    'zh-CN': '投资者的任何一项或两项变化都不够；同时适用的规则：{rules}',
    en: 'no one change and no two of the investor suffice; at once stood {rules}',
  },
} as const satisfies Record<string, Texts>

const unknown: Texts = { 'zh-CN': '未知', en: 'unknown' }
const empty: Texts = { 'zh-CN': '无', en: 'none' }

/** One sentence for an auditor, about what was; never an advice to anybody. */
export function counterfactualInWords({ findings, changes, product }: Counterfactual, language: Language): string {
  const say = (which: keyof typeof summaries, params: Readonly<Record<string, string>>): string =>
    fill(summaries[which][language], params)
  const [first, second] = changes.map((change) => conditionOf(change, language))
  if (findings.length === 0) return say('permitted', {})
  if (first !== undefined && second !== undefined) return say('two', { first, second })
  if (first !== undefined) return say('one', { first })
  if (product.length > 0) return say('product', { rules: product.join(', ') })
  return say('none', { rules: findings.map(({ ruleId }) => ruleId).join(', ') })
}

function conditionOf({ input, from, to }: Change, language: Language): string {
  const field = input.slice('investor.'.length)
  const texts = Object.hasOwn(conditions, field) ? conditions[field as keyof typeof conditions] : null
  if (texts === null) throw new Error(`no words for a change of ${input}`)
  const shown = (value: Change['to']): string => {
    if (value === null) return unknown[language]
    if (typeof value !== 'object') return field === 'riskLevel' ? String(value) : objectiveIn(String(value), language)
    return value.length === 0
      ? empty[language]
      : value.map((member) => objectiveIn(String(member), language)).join(', ')
  }
  const was = field === 'riskLevel' && from !== null ? `C${String(from)}` : shown(from)
  return fill(texts[language], { from: was, to: shown(to) })
}
