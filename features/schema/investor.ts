import { z } from 'zod'
import { InvestorId } from './ids.js'
import { InvestorClass, Objective, ProductKind, ToleranceLevel } from './levels.js'
import { BasisPoints, Money } from './money.js'
import { InstantText, LocalDate } from './time.js'

/**
 * The outcome of a suitability questionnaire. `assessedAt: null` means that the instant is not known, and the
 * assessment then counts as none. C1-minimum (Order 130 Art 22(5)) is C1 with one of the two flags.
 */
export const RiskAssessment = z.strictObject({
  level: ToleranceLevel,
  assessedAt: InstantText.nullable(),
  questionnaireVersion: z.string().min(1).max(64),
  basis: z.enum(['questionnaire', 'predicted']).default('questionnaire'),
  lacksFullCapacity: z.boolean().default(false),
  acceptsNoLoss: z.boolean().default(false),
})
export type RiskAssessment = z.infer<typeof RiskAssessment>

export const KnowledgeLevel = z.enum(['none', 'basic', 'experienced'])
export type KnowledgeLevel = z.infer<typeof KnowledgeLevel>

/** Financial assets and yearly income, as bands in thousands of the firm's currency. */
export const AssetBand = z.enum(['under-30k', '30k-80k', '80k-300k', '300k-3m', '3m-5m', 'over-5m'])
export type AssetBand = z.infer<typeof AssetBand>

export const IncomeBand = z.enum(['under-60k', '60k-120k', '120k-300k', '300k-500k', 'over-500k'])
export type IncomeBand = z.infer<typeof IncomeBand>

/** What US advice asks for beside (FINRA 2111); the firm's own categories are mapped to these. */
export const TaxStatus = z.enum(['taxable', 'tax-advantaged', 'tax-exempt', 'non-resident'])
export type TaxStatus = z.infer<typeof TaxStatus>
export const LiquidityNeeds = z.enum(['low', 'medium', 'high'])
export type LiquidityNeeds = z.infer<typeof LiquidityNeeds>
export const OtherInvestments = z.enum(['none', 'some', 'substantial'])
export type OtherInvestments = z.infer<typeof OtherInvestments>

/** What an investor states of his money, where the firm asks for more than bands. */
export const Finances = z.strictObject({
  financialAssets: Money.nullable().default(null),
  yearlyIncome: Money.nullable().default(null),
  taxStatus: TaxStatus.nullable().default(null),
  liquidityNeeds: LiquidityNeeds.nullable().default(null),
  otherInvestments: OtherInvestments.nullable().default(null),
})
export type Finances = z.infer<typeof Finances>

/** Consents and opt-outs. `profiling: false` refuses; `personalisation: false` yields a non-personal list. */
export const Consents = z.strictObject({ profiling: z.boolean(), personalisation: z.boolean() })
export type Consents = z.infer<typeof Consents>

/** How many instants of assessments a profile keeps: the newest. */
export const mostAssessments = 64

/** An investor's profile. `null` means unknown, and a rule that needs the value then excludes. */
export const Investor = z.strictObject({
  id: InvestorId,
  investorClass: InvestorClass.default('ordinary'),
  riskAssessment: RiskAssessment.nullable(),
  /** Instants of all assessments of the last 12 months and more, the newest included: retest limits count them. */
  assessments: z.array(InstantText).max(mostAssessments).default([]),
  birthDate: LocalDate.nullable().default(null),
  objectives: z.array(Objective).max(5).nullable().default(null),
  horizonMonths: z.int().min(0).max(1200).nullable().default(null),
  /** Largest bearable loss of the invested sum. */
  lossCapacityBps: BasisPoints.min(0).max(10_000).nullable().default(null),
  knowledge: z.partialRecord(ProductKind, KnowledgeLevel).default({}),
  assetBand: AssetBand.nullable().default(null),
  incomeBand: IncomeBand.nullable().default(null),
  finances: Finances.nullable().default(null),
  sustainability: z.enum(['none', 'preferred', 'required']).nullable().default(null),
  consents: Consents,
})
export type Investor = z.infer<typeof Investor>
