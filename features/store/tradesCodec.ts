import { type Lot, type PlanWord, type ProductTrades, type Size, type Trade, type Trades } from '../schema/holdings.js'
import { type ProductId } from '../schema/ids.js'
import { type Reader, type Writer } from './bytes.js'

/**
 * Trades and plans as bytes:
 *
 *     currencies             n, then n texts, as they come for the first time
 *     products               n, then n times: product, unmatched redemptions, lots, trades
 *     lots, trades           n, then n times: instant less the one before, size; of a trade its type is a bit of the size
 *     plans                  n, then n times: product, instant, size; that it was stopped is a bit of the size
 *     size                   1 byte: 1 an amount, 2 units, 4 the bit; then currency and minor units, then millionths
 */
export function writeTrades(to: Writer, { products, plans }: Trades, placeOf: (id: ProductId) => number): void {
  const currencies = currenciesOf({ products, plans })
  to.whole(currencies.length)
  for (const currency of currencies) to.text(currency)

  const size = ({ amount, unitsMicros }: Size, mark: boolean): void => {
    to.byte((amount === null ? 0 : 1) + (unitsMicros === null ? 0 : 2) + (mark ? 4 : 0))
    if (amount !== null) {
      to.whole(currencies.indexOf(amount.currency))
      to.signed(amount.minor)
    }
    if (unitsMicros !== null) to.whole(unitsMicros)
  }
  const list = <T extends Size>(all: readonly T[], instantOf: (one: T) => number, isMarked: (one: T) => boolean) => {
    to.whole(all.length)
    let before = 0
    for (const one of all) {
      to.step(instantOf(one), before)
      size(one, isMarked(one))
      before = instantOf(one)
    }
  }
  to.whole(products.length)
  for (const { productId, settled, trades } of products) {
    to.whole(placeOf(productId))
    to.whole(settled.unmatchedRedemptions)
    list(
      settled.lots,
      ({ boughtAt }) => boughtAt,
      () => false,
    )
    list(
      trades,
      ({ occurredAt }) => occurredAt,
      ({ type }) => type === 'redemption',
    )
  }
  to.whole(plans.length)
  for (const { productId, at, action, amount } of plans) {
    to.whole(placeOf(productId))
    to.signed(at)
    size({ amount, unitsMicros: null }, action === 'stopped')
  }
}

export function readTrades(from: Reader, products: readonly ProductId[]): Trades {
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

function currenciesOf({ products, plans }: Trades): readonly string[] {
  const sizes = [...products.flatMap(({ settled, trades }) => [...settled.lots, ...trades]), ...plans]
  return [...new Set(sizes.flatMap(({ amount }) => (amount === null ? [] : [amount.currency])))]
}
