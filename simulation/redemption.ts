import { type Product } from '../features/schema/product.js'
import { chance } from './draws.js'
import { type Position, unitsUpTo } from './holdings.js'
import { type Person } from './person.js'

/** Most that fear adds to a week's hazard, and how steeply a fall beyond the tolerance raises it. */
const mostFear = 0.3
const fearSlope = 0.15
/** How far a fee of 1 % and more, and of 0.5 % and more, holds a redemption back. */
const dear = { feeBps: 100, factor: 0.1 }
const noticeable = { feeBps: 50, factor: 0.4 }

/** Fee for units held so many days. */
export const redemptionFeeBps = ({ fees }: Product, heldDays: number): number =>
  fees.redemptionTiers.find(({ heldDaysBelow }) => heldDaysBelow === null || heldDays < heldDaysBelow)?.feeBps ?? 0

/**
 * Chance that a holding is redeemed within a week: needs of money, and fear, which grows with the fall from the peak
 * beyond what the investor bears; both held back by a redemption fee that waiting would avoid.
 */
export function weeklyHazard(
  person: Pick<Person, 'needsMoney' | 'tolerance'>,
  drawdown: number,
  feeBps: number,
  isCash: boolean,
): number {
  const excess = Math.max(0, drawdown - person.tolerance)
  const fear = Math.min(mostFear, (fearSlope * excess) / person.tolerance)
  const held = feeBps >= dear.feeBps ? dear.factor : feeBps >= noticeable.feeBps ? noticeable.factor : 1
  return (person.needsMoney * (isCash ? 2.5 : 1) + fear) * held
}

/** Of redemptions, how many take all of it; the others half. */
export const takesAll = 0.7

/** Hundredths of a unit, and what they come to in minor units. */
export type Redeemed = { readonly product: number; readonly units: number; readonly minor: number }

/** What an investor redeems of one product on a weekly look at it; null: nothing. Mostly all of it, else the half. */
export function reviewed(
  person: Person,
  position: Position,
  product: Product,
  day: number,
  nav: number,
): Redeemed | null {
  if (nav > position.peak) position.peak = nav
  const isCash = product.kind === 'money-market'
  const luck = person.random.uniform()
  const drawdown = 1 - nav / position.peak
  // Fees only lower the hazard, and reading them costs more than a look: most looks end here.
  if (luck >= weeklyHazard(person, drawdown, 0, isCash)) return null
  const heldDays = day - (position.lots[0]?.day ?? day)
  const fee = redemptionFeeBps(product, heldDays)
  const free = unitsUpTo(position, day - Math.max(1, product.lockupDays))
  if (free <= 0 || luck >= weeklyHazard(person, drawdown, fee, isCash)) return null
  const units = chance(person.random, takesAll) ? free : Math.ceil(free / 2)
  return redeemedOf(position.product, units, nav)
}

/** Null where it comes to less than a fen. */
export function redeemedOf(product: number, units: number, nav: number): Redeemed | null {
  const minor = Math.floor(units * nav)
  return minor < 1 ? null : { product, units, minor }
}
