import { type Catalogue } from '../schema/catalogue.js'
import { type ProductTrades, type Trade, type Trades } from '../schema/holdings.js'
import { type Currency, type Money } from '../schema/money.js'
import { type Product } from '../schema/product.js'
import { type Activity } from '../schema/records.js'
import { type Instant } from '../schema/time.js'
import { addMonths, localDate } from './calendar.js'
import { tradedCap, unsettledCap } from './holdings.js'

const dayMs = 86_400_000

/** Where and when activity is looked at. */
export type ActivityView = {
  readonly catalogue: Pick<Catalogue, 'products' | 'ordinalOf'>
  /** That of the assets with which the sums are compared; null where none are stated. */
  readonly currency: Currency | null
  readonly at: Instant
  /** IANA; the 12 months are counted in its days. */
  readonly timeZone: string
}

/**
 * What was bought in the 12 months up to `at`, and what buying it cost: of each purchase `fees.purchaseBps` as the
 * catalogue has it, rounded up to a minor unit. Null wherever it cannot be told: an amount is unknown or in another
 * currency, a fee is unknown, a sum is no safe integer, or the caps of `foldTrades` may have hidden a purchase.
 */
export function activityOf({ products }: Trades, { catalogue, currency, at, timeZone }: ActivityView): Activity {
  const yearAgo = addMonths(localDate(at, timeZone), -12)
  // A calendar is slow; a year less or more than two days needs none.
  const isRecent = ({ occurredAt }: Trade): boolean =>
    at - occurredAt < 363 * dayMs || (at - occurredAt < 368 * dayMs && localDate(occurredAt, timeZone) > yearAgo)
  if (currency === null || products.length >= tradedCap || products.some((product) => mayHide(product, isRecent)))
    return { purchased12Months: null, costs12Months: null }
  const purchases = products.flatMap(({ productId, trades }) => {
    const product = catalogue.products[catalogue.ordinalOf.get(productId) ?? -1]
    return trades
      .filter((trade) => trade.type === 'purchase' && isRecent(trade))
      .map(({ amount }) => ({ amount: amount?.currency === currency ? amount : null, product }))
  })
  return {
    purchased12Months: sumOf(
      purchases.map(({ amount }) => amount?.minor ?? null),
      currency,
    ),
    costs12Months: sumOf(
      purchases.map(({ amount, product }) => costOf(amount, product)),
      currency,
    ),
  }
}

/** Settled trades lie before all others, and are no longer told apart: of a product that may have such within the year. */
export const mayHide = ({ settled, trades }: ProductTrades, isRecent: (trade: Trade) => boolean): boolean => {
  const isCut = trades.length >= unsettledCap || settled.lots.length > 0 || settled.unmatchedRedemptions > 0
  const [oldest] = trades
  return isCut && (oldest === undefined || isRecent(oldest))
}

/** In minor units, rounded up. */
function costOf(amount: Money | null, product: Product | undefined): number | null {
  const bps = product?.fees.purchaseBps ?? null
  return amount === null || bps === null ? null : Number((BigInt(amount.minor) * BigInt(bps) + 9_999n) / 10_000n)
}

function sumOf(parts: readonly (number | null)[], currency: Currency): Money | null {
  const minor = parts.reduce((sum, part) => (sum === null || part === null ? null : sum + part), 0)
  return minor !== null && Number.isSafeInteger(minor) ? { minor, currency } : null
}
