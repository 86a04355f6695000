import { redeem, withLot } from '../../features/definitions/lots.js'
import { type Lot, type ProductTrades, type Trades } from '../../features/schema/holdings.js'
import { type ProductId } from '../../features/schema/ids.js'
import { type Instant } from '../../features/schema/time.js'
import { type Lifetime } from '../metrics/kaplanMeier.js'

const dayMs = 86_400_000

/** How long one purchase was held, in days: until all of it was redeemed, or censored when it was last looked at. */
export type Held = Lifetime & { readonly productId: ProductId; readonly boughtAt: Instant }

/**
 * Every purchase of an investor's trades, by first in, first out; one of which a part is left is still held. Those that
 * are settled already (`unsettledCap` of features/definitions/holdings.ts) are not told apart any more, and left out.
 */
export const heldTimes = ({ products }: Trades, asOf: Instant): Held[] =>
  products.flatMap((product) => timesOf(product, asOf))

function timesOf({ productId, settled, trades }: ProductTrades, asOf: Instant): Held[] {
  const held: Held[] = []
  const fresh = new Set<Instant>()
  let lots: readonly Lot[] = settled.lots
  const end = (lot: Lot, at: Instant, ended: boolean): void => {
    if (fresh.has(lot.boughtAt))
      held.push({ productId, boughtAt: lot.boughtAt, time: Math.max(0, at - lot.boughtAt) / dayMs, ended })
  }
  for (const { type, occurredAt, amount, unitsMicros } of trades) {
    if (type === 'purchase') {
      fresh.add(occurredAt)
      lots = withLot(lots, { boughtAt: occurredAt, amount, unitsMicros })
      continue
    }
    const left = redeem(lots, { amount, unitsMicros }).lots
    for (const lot of goneFrom(lots, left)) end(lot, occurredAt, true)
    lots = left
  }
  for (const lot of lots) end(lot, asOf, false)
  return held
}

/** Lots that are not among those left; a redemption keeps their order, and the instant of a lot that it reduces. */
function goneFrom(before: readonly Lot[], left: readonly Lot[]): Lot[] {
  let next = 0
  return before.filter((lot) => {
    const isLeft = left[next]?.boughtAt === lot.boughtAt
    if (isLeft) next++
    return !isLeft
  })
}
