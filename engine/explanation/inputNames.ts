import { type Entity, type entities } from '../suitability/vocabulary.js'
import { type Messages } from '../suitability/pack.js'

type Names = { readonly [Of in Entity]: { readonly [Name in keyof (typeof entities)[Of]]: Messages } }

const named: Names = {
  product: {
    id: { 'zh-CN': '产品编号', en: 'the product’s id' },
    riskLevel: { 'zh-CN': '产品的风险等级', en: 'the product’s risk level' },
    managerRiskLevel: { 'zh-CN': '管理人给出的风险等级', en: 'the manager’s own risk level' },
    sri: { 'zh-CN': '产品的综合风险指标', en: 'the product’s summary risk indicator' },
    kind: { 'zh-CN': '产品类型', en: 'the kind of the product' },
    complexity: { 'zh-CN': '产品的复杂程度', en: 'whether the product is complex' },
    status: { 'zh-CN': '产品的申购状态', en: 'whether the product can be bought' },
    crossBorder: { 'zh-CN': '产品是否跨境投资', en: 'whether the product invests across borders' },
    navDay: { 'zh-CN': '产品的净值日期', en: 'the day of the product’s net asset value' },
    ratedDay: { 'zh-CN': '产品的评级日期', en: 'the day of the product’s rating' },
    statusDay: { 'zh-CN': '产品状态的日期', en: 'the day of the product’s status' },
    objectives: { 'zh-CN': '产品适合的投资目标', en: 'the objectives that the product is made for' },
    minHorizonMonths: { 'zh-CN': '产品的建议持有期', en: 'the product’s recommended holding period' },
    lockupMonths: { 'zh-CN': '产品的锁定期', en: 'the time for which the product is locked' },
    termMonths: { 'zh-CN': '产品的期限', en: 'the product’s term' },
    negativeLevels: { 'zh-CN': '产品不适合的风险承受能力', en: 'the tolerance levels that the product is not for' },
    negativeClasses: { 'zh-CN': '产品不适合的投资者类别', en: 'the classes of investor that the product is not for' },
    sustainable: { 'zh-CN': '产品是否符合可持续投资偏好', en: 'whether the product meets sustainability preferences' },
    inceptionDay: { 'zh-CN': '产品的成立日期', en: 'the day of the product’s inception' },
    minPurchaseMinor: { 'zh-CN': '产品的最低购买金额', en: 'the least amount of a purchase' },
    maxDailyPurchaseMinor: { 'zh-CN': '产品的单日购买限额', en: 'the most that may be bought a day' },
  },
  investor: {
    riskLevel: { 'zh-CN': '您的风险承受能力', en: 'your risk tolerance' },
    assessmentExpired: { 'zh-CN': '您的风险测评日期', en: 'the date of your risk assessment' },
    c1Minimum: { 'zh-CN': '您是否属于风险承受能力最低类别', en: 'whether you are of the lowest tolerance' },
    investorClass: { 'zh-CN': '您的投资者类别', en: 'your class of investor' },
    ageYears: { 'zh-CN': '您的年龄', en: 'your age' },
    objectives: { 'zh-CN': '您的投资目标', en: 'your objectives' },
    horizonMonths: { 'zh-CN': '您的投资期限', en: 'your horizon' },
    lossCapacityBps: { 'zh-CN': '您能承受的最大损失', en: 'the largest loss that you can bear' },
    knownKinds: { 'zh-CN': '您了解的产品类型', en: 'the kinds of product that you know' },
    assetBand: { 'zh-CN': '您的金融资产', en: 'your financial assets' },
    financialAssetsMinor: { 'zh-CN': '您的金融资产金额', en: 'the sum of your financial assets' },
    yearlyIncomeMinor: { 'zh-CN': '您的年收入', en: 'your yearly income' },
    taxStatus: { 'zh-CN': '您的税务状况', en: 'your tax status' },
    liquidityNeeds: { 'zh-CN': '您的流动性需求', en: 'your need of money at short notice' },
    otherInvestments: { 'zh-CN': '您的其他投资', en: 'your other investments' },
    sustainability: { 'zh-CN': '您的可持续投资偏好', en: 'your sustainability preference' },
    consentProfiling: { 'zh-CN': '您是否同意使用投资者信息', en: 'whether you consent to the use of your profile' },
    optedOut: { 'zh-CN': '您是否关闭个性化推荐', en: 'whether you opted out of personalised recommendation' },
    profileStale: { 'zh-CN': '您的投资者信息的更新日期', en: 'when your profile was last brought up to date' },
    assessmentsToday: { 'zh-CN': '您今日的测评次数', en: 'how often you were assessed today' },
    assessmentsLast12Months: { 'zh-CN': '您近12个月的测评次数', en: 'how often you were assessed in 12 months' },
    recentlyRedeemed: { 'zh-CN': '您近期赎回的产品', en: 'what you redeemed not long ago' },
    turnoverBps12Months: {
      'zh-CN': '您近12个月的购买金额占金融资产的比例',
      en: 'your purchases of 12 months against your financial assets',
    },
    costBps12Months: {
      'zh-CN': '您近12个月的购买费用占金融资产的比例',
      en: 'your costs of buying in 12 months against your financial assets',
    },
  },
  context: {
    initiation: { 'zh-CN': '由谁发起', en: 'who asks' },
    navCutoffDay: { 'zh-CN': '净值的最早有效日期', en: 'the oldest day that a net asset value may have' },
    navCutoffDayCrossBorder: {
      'zh-CN': '跨境产品净值的最早有效日期',
      en: 'the oldest day that a net asset value may have across borders',
    },
    ratingCutoffDay: { 'zh-CN': '评级的最早有效日期', en: 'the oldest day that a rating may have' },
    statusCutoffDay: { 'zh-CN': '状态的最早有效日期', en: 'the oldest day that a status may have' },
    today: { 'zh-CN': '日期', en: 'the day' },
    amountMinor: { 'zh-CN': '购买金额', en: 'the amount' },
    amountTodayMinor: { 'zh-CN': '当日累计购买金额', en: 'the amount with what was bought today' },
    positionBps: {
      'zh-CN': '购买后该产品占金融资产的比例',
      en: 'the share of your financial assets that the product would be',
    },
  },
}

const byInput: Readonly<Record<string, Messages>> = Object.fromEntries(
  Object.entries(named).flatMap(([entity, fields]) =>
    Object.entries(fields).map(([field, words]) => [`${entity}.${field}`, words] as const),
  ),
)

/** What an input is, in words for the investor, by its full name such as `product.riskLevel`; null: there is none. */
export const nameOfInput = (input: string): Messages | null =>
  Object.hasOwn(byInput, input) ? (byInput[input] ?? null) : null
