import { localDate } from '../features/definitions/calendar.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type Lot, type Position } from '../features/schema/holdings.js'
import { compareIds, type ProductId } from '../features/schema/ids.js'
import { type Money } from '../features/schema/money.js'
import { type Product, type RedemptionTier } from '../features/schema/product.js'
import { dayNumber, type Instant } from '../features/schema/time.js'

/** What selling of another position would cost today, to pay for a purchase with it. */
export type SwitchCost = {
  readonly productId: ProductId
  /** What the lots that would go had cost: the amount of the purchase, or less where less can be redeemed. */
  readonly redeemed: Money
  /** Null where a lot's size, or the fee for its age, is not known. */
  readonly fee: Money | null
  /** Of the oldest lot, which goes first. */
  readonly heldDays: number
  readonly feeBps: number | null
}

export type Costs = {
  /** `atMost`: amount × rate, rounded up; a firm that takes the fee out of the amount takes a little less. */
  readonly purchase: { readonly feeBps: number | null; readonly atMost: Money | null }
  /** As the product states them. */
  readonly redemptionTiers: readonly RedemptionTier[]
  /** Other positions in the currency of the purchase, those that would pay for most of it first. */
  readonly switching: readonly SwitchCost[]
}

/** How many other positions are told. */
export const switchingCap = 20

/** Costs of buying for an amount at an instant; `positions`: what is held, lots the oldest first. Days are those of `timeZone`. */
export function costsOf(
  product: Product,
  amount: Money,
  positions: readonly Position[],
  catalogue: Catalogue,
  at: Instant,
  timeZone: string,
): Costs {
  const { purchaseBps, redemptionTiers } = product.fees
  const today = dayNumber(localDate(at, timeZone))
  const heldDays = (lot: Lot): number => today - dayNumber(localDate(lot.boughtAt, timeZone))
  const switching = positions.flatMap(({ productId, lots }): SwitchCost[] => {
    const held = catalogue.products[catalogue.ordinalOf.get(productId) ?? -1]
    if (productId === product.id || held?.currency !== amount.currency) return []
    const free = lots.filter((lot) => heldDays(lot) >= held.lockupDays)
    const [oldest] = free
    if (oldest === undefined) return []
    const feeBps = (lot: Lot): number | null => feeBpsOf(held.fees.redemptionTiers, heldDays(lot))
    return [{ productId, ...redeemedFor(amount, free, feeBps), heldDays: heldDays(oldest), feeBps: feeBps(oldest) }]
  })
  return {
    purchase: {
      feeBps: purchaseBps,
      atMost: purchaseBps === null ? null : { ...amount, minor: shareOf(amount.minor, purchaseBps) },
    },
    redemptionTiers,
    switching: switching
      .sort((a, b) => b.redeemed.minor - a.redeemed.minor || compareIds(a.productId, b.productId))
      .slice(0, switchingCap),
  }
}

/** The fee for an age; null where no tier reaches it. Tiers are ordered by days, the open one last. */
export const feeBpsOf = (tiers: readonly RedemptionTier[], heldDays: number): number | null =>
  tiers.find(({ heldDaysBelow }) => heldDaysBelow === null || heldDays < heldDaysBelow)?.feeBps ?? null

/** The oldest lots, at cost, until they come to the amount. A lot of unknown size ends it: the fee is then unknown. */
function redeemedFor(
  amount: Money,
  lots: readonly Lot[],
  feeBps: (lot: Lot) => number | null,
): Pick<SwitchCost, 'redeemed' | 'fee'> {
  let taken = 0
  let fee: number | null = 0
  for (const lot of lots) {
    if (taken >= amount.minor) break
    if (lot.amount?.currency !== amount.currency) {
      fee = null
      break
    }
    const part = Math.min(lot.amount.minor, amount.minor - taken)
    const bps = feeBps(lot)
    taken += part
    fee = fee === null || bps === null ? null : fee + shareOf(part, bps)
  }
  return { redeemed: { ...amount, minor: taken }, fee: fee === null ? null : { ...amount, minor: fee } }
}

/** A share in basis points, rounded up; exact beyond 2^53 as a product. */
const shareOf = (minor: number, bps: number): number => Number((BigInt(minor) * BigInt(bps) + 9_999n) / 10_000n)
