import { type Pack } from '../engine/suitability/pack.js'
import { type Behaviour } from '../features/schema/behaviour.js'
import { type Activity } from '../features/schema/records.js'
import {
  type Investor,
  KnowledgeLevel,
  LiquidityNeeds,
  OtherInvestments,
  TaxStatus,
} from '../features/schema/investor.js'
import { Objective, ProductKind, RiskLevel, ToleranceLevel } from '../features/schema/levels.js'
import { type CompanyId, type ProductId } from '../features/schema/ids.js'
import { type Money } from '../features/schema/money.js'
import { type Product, ProductStatus } from '../features/schema/product.js'
import { type Instant, dateOfDayNumber } from '../features/schema/time.js'

/** mulberry32: a small seeded generator for test cases; uniform in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

type Random = () => number
const below = (random: Random, n: number): number => Math.floor(random() * n)
const oneOf = <T>(random: Random, values: readonly T[]): T => values[below(random, values.length)] as T
const some = <T>(random: Random, values: readonly T[]): T[] => values.filter(() => random() < 0.4)
const orNull = <T>(random: Random, share: number, value: T): T | null => (random() < share ? null : value)
const dayMs = 86_400_000

/** Products with every field of the rules at random, absent and borderline values included. */
export function randomProduct(random: Random, index: number, at: Instant): Product {
  const today = Math.floor(at / dayMs)
  return {
    id: `P${String(index).padStart(5, '0')}` as ProductId,
    companyId: `C${index % 12}` as CompanyId,
    companyName: `Company ${index % 12}`,
    name: { 'zh-CN': `产品${index}`, en: null },
    kind: oneOf(random, ProductKind.options),
    kindText: null,
    currency: 'CNY',
    crossBorder: random() < 0.2,
    rating: orNull(random, 0.05, {
      level: oneOf(random, RiskLevel.options),
      basis: 'declared' as const,
      ratedAt: at - oneOf(random, [0, 1, 200, 364, 365, 366, 367, 500]) * dayMs - below(random, 2) * 3_600_000,
      volatilityBps: null,
      volatilitySource: null,
      observations: 0,
    }),
    managerRiskLevel: orNull(random, 0.5, oneOf(random, RiskLevel.options)),
    sri: orNull(random, 0.5, 1 + below(random, 7)),
    complexity: orNull(random, 0.05, random() < 0.2 ? ('complex' as const) : ('simple' as const)),
    status: random() < 0.7 ? 'open' : oneOf(random, ProductStatus.options),
    statusSource: 'declared',
    statusAt: at - below(random, 380) * dayMs,
    minPurchase: orNull(random, 0.5, {
      minor: below(random, 2000),
      currency: oneOf(random, ['CNY', 'CNY', 'USD'] as const),
    }),
    maxDailyPurchase: orNull(random, 0.5, { minor: below(random, 5000), currency: 'CNY' as const }),
    fees: { purchaseBps: null, managementBps: null, custodyBps: null, redemptionTiers: [] },
    lockupDays: oneOf(random, [0, 0, 0, 30, 31, 180, 720]),
    termMonths: orNull(random, 0.5, below(random, 120)),
    targetMarket: {
      objectives: some(random, Objective.options),
      minHorizonMonths: orNull(random, 0.1, oneOf(random, [0, 6, 12, 24, 36, 60])),
    },
    negativeTargetMarket: {
      toleranceLevels: random() < 0.2 ? some(random, ToleranceLevel.options) : [],
      investorClasses: random() < 0.1 ? ['ordinary'] : [],
    },
    sustainable: orNull(random, 0.3, random() < 0.5),
    inceptionDate: orNull(random, 0.3, dateOfDayNumber(today - below(random, 4000))),
    facts: orNull(random, 0.05, {
      navDate: dateOfDayNumber(today + 2 - below(random, 40)),
      navMicros: 1_000_000,
      return1mBps: null,
      return3mBps: null,
      return6mBps: null,
      return12mBps: null,
      volatilityBps: null,
      maxDrawdownBps: null,
    }),
  }
}

/** Pasts with redemptions of products of `randomProduct`, fresh and old. */
export const randomBehaviour = (random: Random, products: number, at: Instant): Behaviour => ({
  purchased: [],
  viewed: [],
  redeemed: Array.from({ length: below(random, 4) }, () => ({
    productId: `P${String(below(random, products)).padStart(5, '0')}` as ProductId,
    count: 1,
    lastAt: at - below(random, 400) * dayMs + 1,
  })),
})

/** What a purchase check would know, absent and borderline values included. */
export function randomPurchase(random: Random): {
  amountMinor: number
  amountTodayMinor: number
  positionBps: number | null
} {
  const amountMinor = below(random, 3000)
  const positionBps = orNull(random, 0.3, oneOf(random, [0, 100, 2500, 5000, 5001, 9999, 20_000]))
  return { amountMinor, amountTodayMinor: amountMinor + below(random, 3000), positionBps }
}

/** Activities of 12 months, small and large beside the assets. */
export const randomActivity = (random: Random): Activity => ({
  purchased12Months: orNull(random, 0.2, { minor: below(random, 2_000_000_000), currency: 'CNY' as const }),
  costs12Months: orNull(random, 0.2, { minor: below(random, 50_000_000), currency: 'CNY' as const }),
})

/** Profiles with every field of the rules at random, absent and borderline values included. */
export function randomInvestor(random: Random, index: number, at: Instant): Investor {
  const assessedAt = orNull(random, 0.05, at - oneOf(random, [0, 1, 100, 364, 365, 366, 367, 1200]) * dayMs)
  const age = oneOf(random, [18, 30, 45, 64, 65, 66, 80])
  return {
    id: `I${index}` as Investor['id'],
    investorClass: random() < 0.8 ? 'ordinary' : 'professional',
    riskAssessment: orNull(random, 0.05, {
      level: oneOf(random, ToleranceLevel.options),
      assessedAt,
      questionnaireVersion: 'q1',
      basis: random() < 0.9 ? ('questionnaire' as const) : ('predicted' as const),
      lacksFullCapacity: random() < 0.1,
      acceptsNoLoss: random() < 0.1,
    }),
    assessments: assessedAt === null ? [] : [assessedAt],
    birthDate: orNull(
      random,
      0.05,
      dateOfDayNumber(Math.floor(at / dayMs) - Math.round(age * 365.2425) + below(random, 5) - 2),
    ),
    objectives: orNull(random, 0.05, some(random, Objective.options)),
    horizonMonths: orNull(random, 0.05, oneOf(random, [0, 6, 11, 12, 24, 59, 60, 120])),
    lossCapacityBps: orNull(random, 0.5, below(random, 10_000)),
    knowledge: Object.fromEntries(
      some(random, ProductKind.options).map((kind) => [kind, oneOf(random, KnowledgeLevel.options)]),
    ),
    assetBand: null,
    incomeBand: null,
    finances: orNull(random, 0.3, {
      financialAssets: orNull(random, 0.2, { minor: below(random, 1_000_000_000), currency: 'CNY' as const }),
      yearlyIncome: orNull(random, 0.2, { minor: below(random, 100_000_000), currency: 'CNY' as const }),
      taxStatus: orNull(random, 0.2, oneOf(random, TaxStatus.options)),
      liquidityNeeds: orNull(random, 0.2, oneOf(random, LiquidityNeeds.options)),
      otherInvestments: orNull(random, 0.2, oneOf(random, OtherInvestments.options)),
    }),
    sustainability: oneOf(random, ['none', 'preferred', 'required', null] as const),
    consents: { profiling: random() < 0.95, personalisation: random() < 0.8 },
  }
}

type Sums = { readonly profile: Investor; readonly activity: Activity }

/** The sums of an investor in the currency of a pack, so that its rules may compare them. */
export function sumsOf<T extends Sums>(known: T, { currency }: Pack): T {
  if (currency === null) return known
  const exchanged = <M extends Money | null>(sum: M): M => (sum === null ? sum : { ...sum, currency })
  const { profile, activity } = known
  const finances = profile.finances && {
    ...profile.finances,
    financialAssets: exchanged(profile.finances.financialAssets),
    yearlyIncome: exchanged(profile.finances.yearlyIncome),
  }
  return {
    ...known,
    profile: { ...profile, finances },
    activity: {
      purchased12Months: exchanged(activity.purchased12Months),
      costs12Months: exchanged(activity.costs12Months),
    },
  }
}
