import { type Lot, type PlanWord, type ProductTrades, type Size, type Trade, type Trades } from '../schema/holdings.js'
import { type ProductId } from '../schema/ids.js'
import { type Money } from '../schema/money.js'
import { epoch, listed, type Reader, type Writer } from './bytes.js'

/**
 * Trades and plans as bytes:
 *
 *     currencies             n, then n texts, as they come for the first time
 *     products               n, then n times: product, 4 × trades + 1 with lots + 2 with unmatched redemptions, these,
 *                            n lots, the trades
 *     lots, trades           instant after the one before, whichever of these lists it is in; size
 *     plans                  n, then n times: product, instant as in the lists, size; `mark`: it was stopped
 *     size                   1 byte (`bit`), then currency where it is not the first, minor units, millionths
 */
const bit = { amount: 1, units: 2, mark: 4, currency: 8, negative: 16, hundreds: 32, tenThousands: 64 } as const
/** Units are mostly told by hundredths, amounts often by whole ones. */
const [hundred, tenThousand] = [100, 10_000]
const nothingSettled: ProductTrades['settled'] = { lots: [], unmatchedRedemptions: 0 }

export function writeTrades(to: Writer, { products, plans }: Trades, placeOf: (id: ProductId) => number): void {
  const currencies = currenciesOf({ products, plans })
  to.whole(currencies.length)
  for (const currency of currencies) to.text(currency)
  let before = epoch
  const entry = (at: number, size: Size, isMarked: boolean): void => {
    to.instant(at, before)
    writeSize(to, size, isMarked, currencies)
    before = at
  }
  to.whole(products.length)
  for (const { productId, settled, trades } of products) {
    const { lots, unmatchedRedemptions } = settled
    to.whole(placeOf(productId))
    to.whole(4 * trades.length + (lots.length > 0 ? 1 : 0) + (unmatchedRedemptions > 0 ? 2 : 0))
    if (unmatchedRedemptions > 0) to.whole(unmatchedRedemptions)
    if (lots.length > 0) to.whole(lots.length)
    for (const lot of lots) entry(lot.boughtAt, lot, false)
    for (const trade of trades) entry(trade.occurredAt, trade, trade.type === 'redemption')
  }
  to.whole(plans.length)
  for (const { productId, at, action, amount } of plans) {
    to.whole(placeOf(productId))
    entry(at, { amount, unitsMicros: null }, action === 'stopped')
  }
}

function writeSize(to: Writer, { amount, unitsMicros }: Size, isMarked: boolean, currencies: readonly string[]): void {
  const currency = amount === null ? 0 : currencies.indexOf(amount.currency)
  const minor = Math.abs(amount?.minor ?? 0)
  const inHundreds = minor % hundred === 0
  const inTenThousands = unitsMicros !== null && unitsMicros % tenThousand === 0
  to.byte(
    (amount === null ? 0 : bit.amount + (inHundreds ? bit.hundreds : 0) + (amount.minor < 0 ? bit.negative : 0)) +
      (unitsMicros === null ? 0 : bit.units + (inTenThousands ? bit.tenThousands : 0)) +
      (isMarked ? bit.mark : 0) +
      (currency > 0 ? bit.currency : 0),
  )
  if (currency > 0) to.whole(currency)
  if (amount !== null) to.whole(inHundreds ? minor / hundred : minor)
  if (unitsMicros !== null) to.whole(inTenThousands ? unitsMicros / tenThousand : unitsMicros)
}

type Entry = Size & { readonly at: number; readonly isMarked: boolean }

/** Of one state: its entries one after the other, each from the instant of the one before. */
function entriesIn(from: Reader): () => Entry {
  const currencies = from.times(from.whole(), () => from.text())
  let before = epoch
  return () => {
    const at = from.instant(before)
    before = at
    const bits = from.byte()
    const amount = (bits & bit.amount) === 0 ? null : readAmount(from, bits, currencies)
    const unitsMicros =
      (bits & bit.units) === 0 ? null : from.whole() * ((bits & bit.tenThousands) === 0 ? 1 : tenThousand)
    return { at, amount, unitsMicros, isMarked: (bits & bit.mark) !== 0 }
  }
}

function readAmount(from: Reader, bits: number, currencies: readonly string[]): Money {
  const currency = listed(currencies, (bits & bit.currency) === 0 ? 0 : from.whole())
  const minor = from.whole() * ((bits & bit.hundreds) === 0 ? 1 : hundred)
  return { minor: (bits & bit.negative) === 0 ? minor : -minor, currency }
}

const lotOf = ({ at, amount, unitsMicros }: Entry): Lot => ({ boughtAt: at, amount, unitsMicros })
const tradeOf = ({ at, amount, unitsMicros, isMarked }: Entry): Trade => ({
  type: isMarked ? 'redemption' : 'purchase',
  occurredAt: at,
  amount,
  unitsMicros,
})

export function readTrades(from: Reader, products: readonly ProductId[]): Trades {
  const entry = entriesIn(from)
  const readProduct = (): ProductTrades => {
    const productId = from.oneOf(products)
    const head = from.whole()
    const unmatchedRedemptions = (head & 2) === 0 ? 0 : from.whole()
    const lots = (head & 1) === 0 ? [] : from.times(from.whole(), () => lotOf(entry()))
    const settled = (head & 3) === 0 ? nothingSettled : { lots, unmatchedRedemptions }
    return { productId, settled, trades: from.times(Math.floor(head / 4), () => tradeOf(entry())) }
  }
  const readPlan = (): PlanWord => {
    const productId = from.oneOf(products)
    const { at, amount, isMarked } = entry()
    return { productId, at, action: isMarked ? 'stopped' : 'started', amount }
  }
  return { products: from.times(from.whole(), readProduct), plans: from.times(from.whole(), readPlan) }
}

function currenciesOf({ products, plans }: Trades): readonly string[] {
  const found = new Set<string>()
  const look = ({ amount }: Pick<Size, 'amount'>): void => void (amount !== null && found.add(amount.currency))
  for (const { settled, trades } of products) {
    settled.lots.forEach(look)
    trades.forEach(look)
  }
  plans.forEach(look)
  return [...found]
}
