import { type Investor } from '../../features/schema/investor.js'
import { type ProductId } from '../../features/schema/ids.js'
import { levelNumber } from '../../features/schema/levels.js'
import { type Currency, type Money } from '../../features/schema/money.js'
import { type Product } from '../../features/schema/product.js'
import { type InvestorSnapshot } from '../../features/schema/records.js'
import { type Instant, type LocalDate, dayNumber } from '../../features/schema/time.js'
import { redeemedCap } from '../../features/definitions/behaviour.js'
import { addMonths, ageYears, localDate, oldestWithin, tradingDayBefore } from '../../features/definitions/calendar.js'
import { type Pack } from './pack.js'
import { type InputValue, type contextInputs, type investorInputs, type productInputs } from './vocabulary.js'

/** One value for each declared input: the compiler keeps declaration and derivation together. */
type InputsOf<Declarations> = { readonly [Name in keyof Declarations]: InputValue }
export type ProductInputs = InputsOf<typeof productInputs>
export type InvestorInputs = InputsOf<typeof investorInputs>
export type ContextInputs = InputsOf<typeof contextInputs>
/** All that a rule reads beside the product, and the day of the pack's calendar on which it is judged. */
export type Subject = { readonly today: LocalDate; readonly investor: InvestorInputs; readonly context: ContextInputs }

type Known = Pick<InvestorSnapshot, 'profile' | 'knownAt' | 'behaviour' | 'activity'>
const dayMs = 86_400_000

/** A product as rules see it. Independent of the instant of a decision: dates stay days, compared with cut-off days. */
export function productInputsOf(product: Product, timeZone: string): ProductInputs {
  return {
    id: product.id,
    riskLevel: product.rating === null ? null : levelNumber(product.rating.level),
    managerRiskLevel: product.managerRiskLevel === null ? null : levelNumber(product.managerRiskLevel),
    sri: product.sri,
    kind: product.kind,
    complexity: product.complexity,
    status: product.status,
    crossBorder: product.crossBorder,
    navDay: product.facts === null ? null : dayNumber(product.facts.navDate),
    ratedDay: product.rating === null ? null : dayNumber(localDate(product.rating.ratedAt, timeZone)),
    statusDay: dayNumber(localDate(product.statusAt, timeZone)),
    objectives: product.targetMarket.objectives.length === 0 ? null : product.targetMarket.objectives,
    minHorizonMonths: product.targetMarket.minHorizonMonths,
    lockupMonths: Math.ceil((product.lockupDays * 12) / 365),
    termMonths: product.termMonths,
    negativeLevels: product.negativeTargetMarket.toleranceLevels.map(levelNumber),
    negativeClasses: product.negativeTargetMarket.investorClasses,
    sustainable: product.sustainable,
    inceptionDay: product.inceptionDate === null ? null : dayNumber(product.inceptionDate),
    minPurchaseMinor: minorIn(product.minPurchase, product.currency, Number.MAX_SAFE_INTEGER),
    maxDailyPurchaseMinor: minorIn(product.maxDailyPurchase, product.currency, 0),
  }
}

/** A limit, null where none is stated. One in another currency cannot be compared, and no amount keeps to it. */
const minorIn = (limit: Money | null, currency: Currency, strictest: number): number | null =>
  limit === null ? null : limit.currency === currency ? limit.minor : strictest

/** The profile and when it was known (ms UTC), as rules see them at an instant, by the pack's calendar and terms. */
export function investorInputsOf(
  { profile: investor, knownAt, behaviour, activity }: Known,
  pack: Pack,
  at: Instant,
  today: LocalDate,
): InvestorInputs {
  const assessment = investor.riskAssessment
  const days = investor.assessments
    .filter((instant) => instant <= at)
    .map((instant) => localDate(instant, pack.timeZone))
  const yearAgo = addMonths(today, -12)
  return {
    riskLevel: assessment === null ? null : levelNumber(assessment.level),
    // A level that was only predicted is no assessment.
    assessmentExpired: expired(
      assessment?.basis === 'questionnaire' ? assessment.assessedAt : null,
      pack.terms.assessmentMonths,
      today,
      pack,
      at,
    ),
    c1Minimum:
      assessment === null
        ? null
        : // Whatever level stands beside: the two contradict each other, and the stricter counts.
          assessment.lacksFullCapacity || assessment.acceptsNoLoss,
    investorClass: investor.investorClass,
    // A birth that lies ahead is a slip of the pen: unknown, not young.
    ageYears: investor.birthDate === null || investor.birthDate > today ? null : ageYears(investor.birthDate, today),
    objectives: investor.objectives === null || investor.objectives.length === 0 ? null : investor.objectives,
    horizonMonths: investor.horizonMonths,
    lossCapacityBps: investor.lossCapacityBps,
    knownKinds: knownKindsOf(investor.knowledge),
    assetBand: investor.assetBand,
    financialAssetsMinor: comparable(investor.finances?.financialAssets, pack),
    yearlyIncomeMinor: comparable(investor.finances?.yearlyIncome, pack),
    taxStatus: investor.finances?.taxStatus ?? null,
    liquidityNeeds: investor.finances?.liquidityNeeds ?? null,
    otherInvestments: investor.finances?.otherInvestments ?? null,
    sustainability: investor.sustainability,
    consentProfiling: investor.consents.profiling,
    optedOut: !investor.consents.personalisation,
    profileStale: expired(knownAt, pack.terms.profileMonths, today, pack, at),
    assessmentsToday: days.filter((day) => day === today).length,
    assessmentsLast12Months: days.filter((day) => day > yearAgo).length,
    recentlyRedeemed: holdsAllRedeemed(behaviour, pack, at) ? redeemedWithin(behaviour, pack, at) : null,
    turnoverBps12Months: shareBps(activity?.purchased12Months ?? null, investor.finances?.financialAssets ?? null),
    costBps12Months: shareBps(activity?.costs12Months ?? null, investor.finances?.financialAssets ?? null),
  }
}

/**
 * Products that he redeemed within the pack's term. A redemption that lies ahead counts too: `lastAt` is the latest, and
 * a wrong date must not hide those before it.
 */
export const redeemedWithin = (
  { redeemed }: InvestorSnapshot['behaviour'],
  { terms }: Pack,
  at: Instant,
): readonly ProductId[] =>
  (redeemed ?? []).filter(({ lastAt }) => lastAt > at - terms.churnDays * dayMs).map(({ productId }) => productId)

/** Of more products than are kept the oldest are gone: then those within the term may not be all. */
function holdsAllRedeemed({ redeemed }: InvestorSnapshot['behaviour'], { terms }: Pack, at: Instant): boolean {
  const oldest = redeemed?.at(-1)
  return (
    redeemed === undefined || redeemed.length < redeemedCap || (oldest?.lastAt ?? at) <= at - terms.churnDays * dayMs
  )
}

/** Null where nothing was told: who has no knowledge says so of a kind at least. */
function knownKindsOf(knowledge: Investor['knowledge']): readonly string[] | null {
  const told = Object.entries(knowledge)
  return told.length === 0 ? null : told.flatMap(([kind, level]) => (level === 'none' ? [] : [kind]))
}

/** A sum that rules may compare with figures: one in the pack's own currency. */
const comparable = (sum: Money | null | undefined, { currency }: Pack): number | null =>
  sum !== null && sum !== undefined && sum.currency === currency ? sum.minor : null

/** A sum as basis points of another, rounded up; null where one is unknown, nothing, or in another currency. */
const shareBps = (part: Money | null, whole: Money | null): number | null =>
  part === null || whole === null || part.currency !== whole.currency || whole.minor <= 0
    ? null
    : Math.min(Number.MAX_SAFE_INTEGER, Math.ceil((part.minor * 10_000) / whole.minor))

/** Past its term of months by the pack's calendar; unknown (null) where the instant is unknown or lies ahead. */
function expired(since: Instant | null, months: number, today: LocalDate, pack: Pack, at: Instant): boolean | null {
  if (since === null || since > at) return null
  return addMonths(localDate(since, pack.timeZone), months) < today
}

const contexts = new WeakMap<Pack, Map<string, ContextInputs>>()

/** Made once a pack, day and initiation: the terms move with the day alone. */
export function contextInputsOf(initiation: 'push' | 'self-initiated', pack: Pack, today: LocalDate): ContextInputs {
  let known = contexts.get(pack)
  if (known === undefined) contexts.set(pack, (known = new Map<string, ContextInputs>()))
  const key = `${today} ${initiation}`
  let inputs = known.get(key)
  if (inputs === undefined) known.set(key, (inputs = cutoffs(initiation, pack, today)))
  return inputs
}

function cutoffs(initiation: 'push' | 'self-initiated', { terms, holidayDays }: Pack, today: LocalDate): ContextInputs {
  return {
    initiation,
    navCutoffDay: dayNumber(tradingDayBefore(today, terms.navTradingDays, holidayDays)),
    navCutoffDayCrossBorder: dayNumber(tradingDayBefore(today, terms.navTradingDaysCrossBorder, holidayDays)),
    ratingCutoffDay: dayNumber(oldestWithin(today, terms.ratingMonths)),
    statusCutoffDay: dayNumber(oldestWithin(today, terms.statusMonths)),
    today: dayNumber(today),
    amountMinor: null,
    amountTodayMinor: null,
    positionBps: null,
  }
}

/** What a purchase check knows beside: amounts in minor units of the product's currency. */
export type PurchaseInputs = Pick<ContextInputs, 'amountMinor' | 'amountTodayMinor' | 'positionBps'>

/** Investor and request as rules see them at an instant. */
export function subjectOf(
  known: Known,
  initiation: 'push' | 'self-initiated',
  pack: Pack,
  at: Instant,
  purchase?: PurchaseInputs,
): Subject {
  const today = localDate(at, pack.timeZone)
  const context = contextInputsOf(initiation, pack, today)
  return {
    today,
    investor: investorInputsOf(known, pack, at, today),
    context: purchase === undefined ? context : { ...context, ...purchase },
  }
}
