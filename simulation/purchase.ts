import { exp } from '../features/definitions/math.js'
import { AssetBand } from '../features/schema/investor.js'
import { type DecisionId } from '../features/schema/ids.js'
import { type Product } from '../features/schema/product.js'
import { dayOfInstant } from '../features/definitions/calendar.js'
import { type Instant } from '../features/schema/time.js'
import { at } from './at.js'
import { chance, normal } from './draws.js'
import { microsOf } from './holdings.js'
import { type Market } from './market.js'
import { type Person, suits, tempts } from './person.js'

/** What a purchase usually comes to, in yuan, by band of assets. */
const usualYuan = [2_000, 6_000, 15_000, 50_000, 150_000, 400_000] as const
/** Of purchases, how many begin a monthly plan; of plans, how many end with each payment. */
const plansPerPurchase = 0.07
export const planEnds = 0.06
const planDays = 30

/** On sale, and either suitable or something that he may buy of his own accord. */
export function isBuyable(person: Person, ordinal: number, market: Market): boolean {
  const bucket = market.shelf().bucketOf(ordinal)
  return bucket !== null && (suits(bucket, person.bounds) || tempts(bucket, person.bounds))
}

/** Whole hundreds of yuan in fen, within the product's limits; null where these leave nothing. */
function amountOf(person: Person, { minPurchase, maxDailyPurchase }: Product, usual: number): number | null {
  const minor = Math.max(1, Math.round((usual * exp(0.8 * normal(person.random))) / 100)) * 10_000
  const limited = Math.min(Math.max(minor, minPurchase?.minor ?? 0), maxDailyPurchase?.minor ?? Number.MAX_SAFE_INTEGER)
  return limited < (minPurchase?.minor ?? 0) ? null : limited
}

/** Buys at the day's NAV, and sometimes begins a plan to buy the same again every month. */
export function buy(
  person: Person,
  ordinal: number,
  occurredAt: Instant,
  decisionId: DecisionId | null,
  market: Market,
): void {
  const product = market.supply.current(ordinal)
  if (product === null) return
  const minor = amountOf(
    person,
    product,
    at(usualYuan, AssetBand.options.indexOf(person.profile.assetBand ?? '30k-80k')),
  )
  if (minor === null) return
  pay(person, ordinal, product, minor, occurredAt, decisionId, market)
  // A plan is a habit: with the switch off it would let a model foretell purchases.
  if (!market.switches.taste || !chance(person.random, plansPerPurchase)) return
  if (person.plans.some((plan) => plan.product === ordinal)) return
  person.plans.push({ product: ordinal, minor, nextDay: dayOfInstant(occurredAt) + planDays })
  const amount = { minor, currency: product.currency }
  const { id: productId } = product
  const startedAt = occurredAt + 30_000
  market.diary.add({
    type: 'recurring-plan',
    action: 'started',
    investorId: person.id,
    productId,
    occurredAt: startedAt,
    amount,
  })
}

function pay(
  person: Person,
  ordinal: number,
  product: Product,
  minor: number,
  occurredAt: Instant,
  decisionId: DecisionId | null,
  market: Market,
): void {
  const day = dayOfInstant(occurredAt)
  const { id: productId, currency, fees } = product
  person.hasBought = true
  const units = person.holdings.buy(ordinal, day, minor, fees.purchaseBps ?? 0, market.supply.navOn(ordinal, day))
  const amount = { minor, currency }
  const unitsMicros = microsOf(units)
  market.diary.add({ type: 'purchase', investorId: person.id, productId, occurredAt, amount, unitsMicros, decisionId })
  market.remember(person, { type: 'purchase', productId, occurredAt })
  market.tally(person, product)
}

/** Carries out the plans that are due: a purchase each while it may be bought, and at last its end. */
export function keepPlans(person: Person, day: number, occurredAt: Instant, isAssessed: boolean, market: Market): void {
  const due = person.plans.filter(({ nextDay }) => nextDay <= day)
  if (due.length === 0 || !market.supply.isTradingDay(day)) return
  for (const plan of due) {
    const product = market.supply.current(plan.product)
    plan.nextDay = day + planDays
    const within = (product?.maxDailyPurchase?.minor ?? plan.minor) >= plan.minor
    if (product !== null && isAssessed && within && isBuyable(person, plan.product, market))
      pay(person, plan.product, product, plan.minor, occurredAt, null, market)
    if (product !== null && product.status !== 'terminated' && !chance(person.random, planEnds)) continue
    person.plans = person.plans.filter((other) => other !== plan)
    market.diary.add({
      type: 'recurring-plan',
      action: 'stopped',
      investorId: person.id,
      productId: at(market.supply.ids, plan.product),
      occurredAt: occurredAt + 60_000,
      amount: null,
    })
  }
}
