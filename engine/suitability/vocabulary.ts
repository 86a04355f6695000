import { InvestorClass, Objective, ProductKind } from '../../features/schema/levels.js'
import { AssetBand, LiquidityNeeds, OtherInvestments, TaxStatus } from '../../features/schema/investor.js'
import { ProductStatus } from '../../features/schema/product.js'

/** A value of an input, as rules see it: whole numbers, text, truth, or lists of the first two; null is unknown. */
export type InputValue = number | string | boolean | readonly string[] | readonly number[] | null
export type Inputs = Readonly<Record<string, InputValue>>

export type InputType = 'int' | 'string' | 'bool' | 'list(string)' | 'list(int)'
export type Declaration = {
  readonly type: InputType
  /** For text: the only values it takes, so that a rule that names another is refused. */
  readonly values?: readonly string[]
  readonly meaning: string
}

const int = (meaning: string): Declaration => ({ type: 'int', meaning })
const bool = (meaning: string): Declaration => ({ type: 'bool', meaning })
const oneOf = (values: readonly string[], meaning: string): Declaration => ({ type: 'string', values, meaning })
const someOf = (values: readonly string[], meaning: string): Declaration => ({ type: 'list(string)', values, meaning })

/** What a rule may read of the product. Days are day numbers (days since 1970-01-01) in the pack's time zone. */
export const productInputs = {
  id: { type: 'string', meaning: 'the product’s id' },
  riskLevel: int('1 to 5 of the distributor’s R-level'),
  managerRiskLevel: int('1 to 5 of the manager’s own R-level'),
  sri: int('summary risk indicator, 1 to 7'),
  kind: oneOf(ProductKind.options, 'kind of product'),
  complexity: oneOf(['simple', 'complex'], 'simple or complex'),
  status: oneOf(ProductStatus.options, 'whether it can be bought'),
  crossBorder: bool('invests across borders (QDII)'),
  navDay: int('day of the newest net asset value'),
  ratedDay: int('day of the rating'),
  statusDay: int('day from which the status is known'),
  objectives: someOf(Objective.options, 'objectives it is made for'),
  minHorizonMonths: int('recommended holding period'),
  lockupMonths: int('months until it can first be redeemed, rounded up'),
  termMonths: int('months to maturity'),
  negativeLevels: { type: 'list(int)', meaning: 'tolerance levels it must not be sold to' },
  negativeClasses: someOf(InvestorClass.options, 'investor classes it must not be sold to'),
  sustainable: bool('meets sustainability preferences'),
  inceptionDay: int('day of its inception'),
  minPurchaseMinor: int('least amount of a purchase, in minor units of its currency'),
  maxDailyPurchaseMinor: int('most that one investor may buy of it a day, in minor units of its currency'),
} as const satisfies Record<string, Declaration>

/** What a rule may read of the investor. */
export const investorInputs = {
  riskLevel: int('1 to 5 of the tolerance level'),
  assessmentExpired: bool('the newest assessment is past its term; unknown where there is none'),
  c1Minimum: bool('lacks full civil capacity or accepts no loss: the lowest of C1, whatever level is stated beside'),
  investorClass: oneOf(InvestorClass.options, 'ordinary or professional'),
  ageYears: int('completed years of age'),
  objectives: someOf(Objective.options, 'objectives'),
  horizonMonths: int('months for which the money may be bound'),
  lossCapacityBps: int('largest bearable loss'),
  knownKinds: someOf(
    ProductKind.options,
    'kinds of product he has knowledge or experience of; unknown where he told of none',
  ),
  assetBand: oneOf(AssetBand.options, 'financial assets'),
  financialAssetsMinor: int('financial assets in minor units'),
  yearlyIncomeMinor: int('yearly income in minor units'),
  taxStatus: oneOf(TaxStatus.options, 'tax status'),
  liquidityNeeds: oneOf(LiquidityNeeds.options, 'how much of the money may be needed at short notice'),
  otherInvestments: oneOf(OtherInvestments.options, 'what he holds elsewhere'),
  sustainability: oneOf(['none', 'preferred', 'required'], 'sustainability preference'),
  consentProfiling: bool('consents to his profile being used'),
  optedOut: bool('opted out of personalised recommendation'),
  profileStale: bool('the profile is past its term'),
  assessmentsToday: int('assessments on this day'),
  assessmentsLast12Months: int('assessments within 12 months'),
  recentlyRedeemed: { type: 'list(string)', meaning: 'products that he redeemed within the pack’s term churnDays' },
  turnoverBps12Months: int('purchases of 12 months against his financial assets'),
  costBps12Months: int('costs of buying in 12 months against his financial assets'),
} as const satisfies Record<string, Declaration>

/** What a rule may read of the request. Cut-off days come from the pack's terms and calendar. */
export const contextInputs = {
  initiation: oneOf(['push', 'self-initiated'], 'who asks'),
  navCutoffDay: int('oldest day that a net asset value may have'),
  navCutoffDayCrossBorder: int('the same for products that invest across borders'),
  ratingCutoffDay: int('oldest day that a rating may have'),
  statusCutoffDay: int('oldest day that a status may have'),
  today: int('the day of the decision: no fact may lie ahead of it'),
  amountMinor: int('purchase checks: the amount, in minor units of the product’s currency'),
  amountTodayMinor: int('purchase checks: the same with what he bought of it today'),
  positionBps: int('purchase checks: what he would hold of the product, against his financial assets'),
} as const satisfies Record<string, Declaration>

/** Known when a purchase is checked, and only then: only rules of scope self-initiated may read them. */
export const purchaseInputs: ReadonlySet<string> = new Set([
  'context.amountMinor',
  'context.amountTodayMinor',
  'context.positionBps',
])

export const entities = { product: productInputs, investor: investorInputs, context: contextInputs } as const
export type Entity = keyof typeof entities

export const isEntity = (name: string): name is Entity => Object.hasOwn(entities, name)

/** The declaration of `entity.field`, or null where there is none. */
export function declarationOf(entity: Entity, field: string): Declaration | null {
  const declarations: Readonly<Record<string, Declaration>> = entities[entity]
  return Object.hasOwn(declarations, field) ? (declarations[field] ?? null) : null
}
