import { type Lot, type PlanWord, type ProductTrades, type Size, type Trade, type Trades } from '../schema/holdings.js'
import { type ProductId } from '../schema/ids.js'
import { type Reader } from './bytes.js'

/**
 * Trades and plans as version 4 of the codec wrote them:
 *
 *     currencies             n, then n texts, as they come for the first time
 *     products               n, then n times: product, unmatched redemptions, lots, trades
 *     lots, trades           n, then n times: instant less the one before, size; of a trade its type is a bit of the size
 *     plans                  n, then n times: product, instant, size; that it was stopped is a bit of the size
 *     size                   1 byte: 1 an amount, 2 units, 4 the bit; then currency and minor units, then millionths
 */
export function readTrades4(from: Reader, products: readonly ProductId[]): Trades {
  const currencies = Array.from({ length: from.whole() }, () => from.text())
  const size = (): Size & { readonly mark: boolean } => {
    const packed = from.byte()
    const currency = (packed & 1) === 0 ? null : from.oneOf(currencies)
    const amount = currency === null ? null : { currency, minor: from.signed() }
    return { amount, unitsMicros: (packed & 2) === 0 ? null : from.whole(), mark: (packed & 4) !== 0 }
  }
  const list = <T>(made: (at: number, sized: ReturnType<typeof size>) => T): T[] => {
    let at = 0
    return Array.from({ length: from.whole() }, () => {
      at = from.step(at)
      return made(at, size())
    })
  }
  const readProduct = (): ProductTrades => {
    const productId = from.oneOf(products)
    const unmatchedRedemptions = from.whole()
    const lots = list<Lot>((boughtAt, { amount, unitsMicros }) => ({ boughtAt, amount, unitsMicros }))
    const trades = list<Trade>((occurredAt, { amount, unitsMicros, mark }) => ({
      type: mark ? 'redemption' : 'purchase',
      occurredAt,
      amount,
      unitsMicros,
    }))
    return { productId, settled: { lots, unmatchedRedemptions }, trades }
  }
  const readPlan = (): PlanWord => {
    const productId = from.oneOf(products)
    const at = from.signed()
    const { amount, mark } = size()
    return { productId, at, action: mark ? 'stopped' : 'started', amount }
  }
  return {
    products: Array.from({ length: from.whole() }, readProduct),
    plans: Array.from({ length: from.whole() }, readPlan),
  }
}
