import { localDate } from '../features/definitions/calendar.js'
import { unsettledCap } from '../features/definitions/holdings.js'
import { type Position, type ProductTrades, type Trades } from '../features/schema/holdings.js'
import { type ProductId } from '../features/schema/ids.js'
import { type Money } from '../features/schema/money.js'
import { type InvestorAccount } from '../features/schema/records.js'
import { type Instant, type LocalDate } from '../features/schema/time.js'
import { type PurchaseInputs } from './suitability/inputs.js'

/** What an investor wants to buy, of his own accord. */
export type PurchaseRequest = { readonly productId: ProductId; readonly amount: Money }

/** What rules read of a purchase on a day of `timeZone`: docs/decisions/0013-purchase-checks.md says what is unknown. */
export function purchaseInputsOf(
  { profile, trades }: Pick<InvestorAccount, 'profile' | 'trades'>,
  positions: readonly Position[],
  { productId, amount }: PurchaseRequest,
  today: LocalDate,
  timeZone: string,
): PurchaseInputs {
  const bought = boughtOn(today, timeZone, tradesOf(trades, productId), amount)
  const lots = positions.find((position) => position.productId === productId)?.lots ?? []
  // Lots whose cost is not known, or in another currency, would only make it more.
  const held =
    sumOf(
      lots.filter(({ amount: cost }) => cost?.currency === amount.currency),
      amount,
    ) ?? 0n
  const assets = profile.finances?.financialAssets ?? null
  return {
    amountMinor: amount.minor,
    amountTodayMinor: bought === null ? null : safe(BigInt(amount.minor) + bought),
    positionBps:
      assets?.currency === amount.currency ? shareBps(BigInt(amount.minor) + held, BigInt(assets.minor)) : null,
  }
}

const tradesOf = (trades: Trades, productId: ProductId): ProductTrades | undefined =>
  trades.products.find((product) => product.productId === productId)

/** What he bought of it on a day, in the currency of `amount`; null where that cannot be told. */
function boughtOn(today: LocalDate, timeZone: string, known: ProductTrades | undefined, amount: Money): bigint | null {
  if (known === undefined) return 0n
  const isToday = (at: Instant): boolean => localDate(at, timeZone) === today
  // Of more trades the oldest are settled into lots, and told apart no more: features/definitions/holdings.ts.
  const [first] = known.trades
  if (known.trades.length >= unsettledCap && first !== undefined && isToday(first.occurredAt)) return null
  return sumOf(
    known.trades.filter(({ type, occurredAt }) => type === 'purchase' && isToday(occurredAt)),
    amount,
  )
}

/** Null where an amount is unknown or in another currency. */
const sumOf = (parts: readonly { readonly amount: Money | null }[], { currency }: Money): bigint | null =>
  parts.reduce<bigint | null>(
    (sum, { amount }) => (sum === null || amount?.currency !== currency ? null : sum + BigInt(amount.minor)),
    0n,
  )

const safe = (sum: bigint): number => Number(sum < BigInt(Number.MAX_SAFE_INTEGER) ? sum : Number.MAX_SAFE_INTEGER)

/** Rounded up, as far as whole numbers go; of nothing, or of debts, anything is more than everything. */
const shareBps = (part: bigint, whole: bigint): number =>
  whole > 0n ? safe((part * 10_000n + whole - 1n) / whole) : Number.MAX_SAFE_INTEGER
