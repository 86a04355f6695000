import { type ActivityKind, type DailyCounts } from '../schema/daily.js'
import { type Holdings, type Trade, type Trades } from '../schema/holdings.js'
import { type CompanyId, type ProductId } from '../schema/ids.js'
import { type InvestorAccount } from '../schema/records.js'
import { type Instant } from '../schema/time.js'
import { mayHide } from './activity.js'
import { dayOfInstant } from './calendar.js'
import { halved } from './decay.js'
import { holdingsOf } from './holdings.js'
import { kindGroups } from './product/kindGroup.js'
import { type TraitsOf } from './traits.js'

/** Windows in days, today included. */
export const windows = [7, 30, 90, 365] as const
export type WindowDays = (typeof windows)[number]

/** Half-lives of the decayed counts, days. */
export const halfLife = { viewed: 30, purchased: 90, redeemed: 90 } as const satisfies Record<ActivityKind, number>

export type DecayedFacts = {
  /** By group of product kinds, in their order: counts, each halved for every half-life of its age. */
  readonly byGroup: readonly number[]
  /** Share of the largest company in the decayed counts; null where there are none. */
  readonly topCompanyShare: number | null
  /** Mean risk level by decayed counts, of rated products; null where there are none. */
  readonly meanLevel: number | null
}

/** An investor's activity as of a day (UTC), from which the features of entity `activity` are read off. */
export type ActivityFacts = {
  readonly counts: Readonly<Record<ActivityKind, Readonly<Record<WindowDays, number>>>>
  readonly decayed: Readonly<Record<ActivityKind, DecayedFacts>>
  readonly productsViewed90: number
  readonly companies365: number
  readonly activeDays: { readonly 30: number; readonly 365: number }
  readonly daysSince: Readonly<Record<ActivityKind | 'seen', number | null>>
  readonly holdings: HoldingFacts
  readonly trades: TradeFacts
}

export type HoldingFacts = {
  readonly products: number
  readonly lots: number
  readonly plans: number
  readonly unmatchedRedemptions: number
  /** Minor units; null where a lot's cost is unknown or currencies are mixed, 0 where nothing is held. */
  readonly cost: number | null
  /** Of the lots, days held; null where nothing is held. */
  readonly meanDays: number | null
  readonly oldestDays: number | null
}

/** Sums of 365 days in minor units of one currency; null where an amount is unknown, currencies are mixed, or caps hide some. */
export type TradeFacts = {
  readonly purchased: number | null
  readonly redeemed: number | null
  readonly purchases: number
}

/** Pure; the same day gives the same facts. */
export function activityFacts(
  { daily, trades }: Pick<InvestorAccount, 'daily' | 'trades'>,
  at: Instant,
  traitsOf: TraitsOf,
): ActivityFacts {
  const today = dayOfInstant(at)
  const holdings = holdingsOf(trades)
  return {
    ...countsOf(daily, today, traitsOf),
    decayed: decayedOf(daily, today, traitsOf),
    holdings: holdingFacts(holdings, today),
    trades: tradeFacts(trades, today),
  }
}

type Counted = Pick<ActivityFacts, 'counts' | 'productsViewed90' | 'companies365' | 'activeDays' | 'daysSince'>

/** A clock ahead of ours may have dated an event tomorrow: it is of today then. */
const ageOf = (day: number, today: number): number => Math.max(0, today - day)

function countsOf(daily: DailyCounts, today: number, traitsOf: TraitsOf): Counted {
  const none = (): Record<WindowDays, number> => ({ 7: 0, 30: 0, 90: 0, 365: 0 })
  const counts = { viewed: none(), purchased: none(), redeemed: none() }
  const since: Record<ActivityKind, number | null> = { viewed: null, purchased: null, redeemed: null }
  const viewed90 = new Set<ProductId>()
  const companies = new Set<CompanyId>()
  const days = new Set<number>()
  let days30 = 0
  for (const { day, kind, productId, count } of daily) {
    const age = ageOf(day, today)
    since[kind] ??= age
    for (const window of windows) if (age < window) counts[kind][window] += count
    if (kind === 'viewed' && age < 90) viewed90.add(productId)
    if (age >= 365) continue
    const company = traitsOf(productId)?.companyId
    if (company !== undefined) companies.add(company)
    if (!days.has(age) && age < 30) days30 += 1
    days.add(age)
  }
  const [newest] = daily
  return {
    counts,
    productsViewed90: viewed90.size,
    companies365: companies.size,
    activeDays: { 30: days30, 365: days.size },
    daysSince: { ...since, seen: newest === undefined ? null : ageOf(newest.day, today) },
  }
}

type Decaying = {
  readonly byGroup: number[]
  readonly byCompany: Map<CompanyId, number>
  all: number
  rated: number
  levels: number
}

const nothingYet = (): Decaying => ({
  byGroup: kindGroups.map(() => 0),
  byCompany: new Map(),
  all: 0,
  rated: 0,
  levels: 0,
})

/** Summed in the order of the counts, which is fixed, so that the last bit is the same wherever it is done. */
function decayedOf(daily: DailyCounts, today: number, traitsOf: TraitsOf): ActivityFacts['decayed'] {
  const sums = { viewed: nothingYet(), purchased: nothingYet(), redeemed: nothingYet() }
  for (const { day, kind, productId, count } of daily) {
    const traits = traitsOf(productId)
    if (traits === undefined) continue
    const sum = sums[kind]
    const weight = count * halved(ageOf(day, today), halfLife[kind])
    const group = kindGroups.indexOf(traits.group)
    sum.byGroup[group] = (sum.byGroup[group] ?? 0) + weight
    sum.byCompany.set(traits.companyId, (sum.byCompany.get(traits.companyId) ?? 0) + weight)
    sum.all += weight
    if (traits.level === 0) continue
    sum.rated += weight
    sum.levels += weight * traits.level
  }
  return { viewed: ended(sums.viewed), purchased: ended(sums.purchased), redeemed: ended(sums.redeemed) }
}

function ended({ byGroup, byCompany, all, rated, levels }: Decaying): DecayedFacts {
  let top = 0
  for (const sum of byCompany.values()) top = Math.max(top, sum)
  return { byGroup, topCompanyShare: all > 0 ? top / all : null, meanLevel: rated > 0 ? levels / rated : null }
}

function holdingFacts({ positions, plans }: Holdings, today: number): HoldingFacts {
  const held = positions.filter(({ lots }) => lots.length > 0)
  const lots = held.flatMap((position) => position.lots)
  const ages = lots.map(({ boughtAt }) => ageOf(dayOfInstant(boughtAt), today))
  return {
    products: held.length,
    lots: lots.length,
    plans: plans.length,
    unmatchedRedemptions: positions.reduce((sum, { unmatchedRedemptions }) => sum + unmatchedRedemptions, 0),
    cost: minorOf(lots),
    meanDays: ages.length === 0 ? null : ages.reduce((sum, age) => sum + age, 0) / ages.length,
    oldestDays: ages.length === 0 ? null : Math.max(...ages),
  }
}

function tradeFacts({ products }: Trades, today: number): TradeFacts {
  const isRecent = ({ occurredAt }: Trade): boolean => ageOf(dayOfInstant(occurredAt), today) < 365
  if (products.some((product) => mayHide(product, isRecent))) return { purchased: null, redeemed: null, purchases: 0 }
  const recent = products.flatMap(({ trades }) => trades.filter(isRecent))
  const purchases = recent.filter(({ type }) => type === 'purchase')
  const redemptions = recent.filter(({ type }) => type === 'redemption')
  const currencies = new Set(recent.flatMap(({ amount }) => (amount === null ? [] : [amount.currency])))
  const oneCurrency = currencies.size <= 1
  return {
    purchased: oneCurrency ? minorOf(purchases) : null,
    redeemed: oneCurrency ? minorOf(redemptions) : null,
    purchases: purchases.length,
  }
}

/** The sum of amounts in minor units: null where one is unknown, two are of different currencies, or it is no safe integer. */
function minorOf(sized: readonly Pick<Trade, 'amount'>[]): number | null {
  let sum = 0
  let currency: string | null = null
  for (const { amount } of sized) {
    if (amount === null || (currency !== null && amount.currency !== currency)) return null
    currency = amount.currency
    sum += amount.minor
  }
  return Number.isSafeInteger(sum) ? sum : null
}
