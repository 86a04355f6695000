import { z } from 'zod'
import { CompanyId, ProductId } from './ids.js'
import { InvestorClass, Objective, ProductKind, RiskLevel, ToleranceLevel } from './levels.js'
import { BasisPoints, Currency, Money } from './money.js'
import { InstantText, LocalDate } from './time.js'

export const ProductStatus = z.enum(['subscribing', 'open', 'suspended', 'purchase-limited', 'closed', 'terminated'])
export type ProductStatus = z.infer<typeof ProductStatus>

/**
 * How a risk level came about: declared by the distributor, derived by `features/definitions/riskRating.ts` from
 * volatility or, where no series gives one, from the kind's conservative level, or a band of an evaluation data set.
 * The inputs stay beside it, so that a reader can repeat it.
 */
export const Rating = z.strictObject({
  level: RiskLevel,
  basis: z.enum(['declared', 'volatility', 'kind', 'band']),
  ratedAt: InstantText,
  /** Annualised standard deviation of returns. */
  volatilityBps: BasisPoints.min(0).nullable().default(null),
  /** Where the volatility comes from, and from how many returns. */
  volatilitySource: z.enum(['daily-nav', 'annual-returns', 'period-changes']).nullable().default(null),
  observations: z.int().min(0).default(0),
})
export type Rating = z.infer<typeof Rating>

/** `heldDaysBelow: null` is the last tier: held for longer than all others. Ordered by days. */
export const RedemptionTier = z.strictObject({
  heldDaysBelow: z.int().min(1).nullable(),
  feeBps: BasisPoints.min(0).max(10_000),
})
export type RedemptionTier = z.infer<typeof RedemptionTier>

export const Fees = z.strictObject({
  purchaseBps: BasisPoints.min(0).nullable().default(null),
  managementBps: BasisPoints.min(0).nullable().default(null),
  custodyBps: BasisPoints.min(0).nullable().default(null),
  redemptionTiers: z.array(RedemptionTier).max(12).default([]),
})
export type Fees = z.infer<typeof Fees>

/** Whom a product is made for. An empty list sets no bound; `minHorizonMonths` is the recommended holding period. */
export const TargetMarket = z.strictObject({
  objectives: z.array(Objective).default([]),
  minHorizonMonths: z.int().min(0).nullable().default(null),
})
export type TargetMarket = z.infer<typeof TargetMarket>

/** Whom a product must not be sold to. */
export const NegativeTargetMarket = z.strictObject({
  toleranceLevels: z.array(ToleranceLevel).default([]),
  investorClasses: z.array(InvestorClass).default([]),
})
export type NegativeTargetMarket = z.infer<typeof NegativeTargetMarket>

/** Facts derived from net asset values, as of `navDate`. NAV in millionths of the currency's unit. */
export const NavFacts = z.strictObject({
  navDate: LocalDate,
  navMicros: z.int().min(0).nullable().default(null),
  return1mBps: BasisPoints.nullable().default(null),
  return3mBps: BasisPoints.nullable().default(null),
  return6mBps: BasisPoints.nullable().default(null),
  return12mBps: BasisPoints.nullable().default(null),
  volatilityBps: BasisPoints.min(0).nullable().default(null),
  maxDrawdownBps: BasisPoints.min(0).max(10_000).nullable().default(null),
})
export type NavFacts = z.infer<typeof NavFacts>

/** A product of the catalogue. `null` means unknown, and a rule that needs the value then excludes the product. */
export const Product = z.strictObject({
  id: ProductId,
  companyId: CompanyId,
  companyName: z.string().min(1).max(200),
  name: z.strictObject({
    'zh-CN': z.string().min(1).max(300),
    en: z.string().min(1).max(300).nullable().default(null),
  }),
  kind: ProductKind,
  /** The distributor's own type of product, in its words. */
  kindText: z.string().max(100).nullable().default(null),
  currency: Currency,
  /** Invests across borders (QDII): its NAV may be older. */
  crossBorder: z.boolean().default(false),
  rating: Rating.nullable(),
  managerRiskLevel: RiskLevel.nullable().default(null),
  /** Summary risk indicator of PRIIPs, 1 to 7. */
  sri: z.int().min(1).max(7).nullable().default(null),
  /** Null where nobody told: a rule that asks for knowledge of complex products then excludes it. */
  complexity: z.enum(['simple', 'complex']).nullable().default(null),
  status: ProductStatus,
  statusSource: z.enum(['declared', 'assumed', 'simulated']).default('declared'),
  statusAt: InstantText,
  minPurchase: Money.nullable().default(null),
  maxDailyPurchase: Money.nullable().default(null),
  fees: Fees.default({ purchaseBps: null, managementBps: null, custodyBps: null, redemptionTiers: [] }),
  lockupDays: z.int().min(0).default(0),
  termMonths: z.int().min(0).nullable().default(null),
  targetMarket: TargetMarket.default({ objectives: [], minHorizonMonths: null }),
  negativeTargetMarket: NegativeTargetMarket.default({ toleranceLevels: [], investorClasses: [] }),
  sustainable: z.boolean().nullable().default(null),
  inceptionDate: LocalDate.nullable().default(null),
  facts: NavFacts.nullable().default(null),
})
export type Product = z.infer<typeof Product>
