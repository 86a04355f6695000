import { type Lot, type Size } from '../schema/holdings.js'

/** floor(whole × part / of), exact beyond 2⁵³ too. */
const share = (whole: number, part: number, of: number): number => Number((BigInt(whole) * BigInt(part)) / BigInt(of))

/** A lot's size by the measure of a redemption: null where unknown, 0 where it is of another currency. */
type Measure = { readonly wanted: number; readonly held: (lot: Lot) => number | null }

/** Units where they are given: then the amount is what they fetched. Else the amount, at cost. Null: all. */
function measureOf({ amount, unitsMicros }: Size): Measure | null {
  if (unitsMicros !== null) return { wanted: unitsMicros, held: (lot) => lot.unitsMicros }
  if (amount === null) return null
  const { minor, currency } = amount
  return {
    wanted: minor,
    held: (lot) => (lot.amount === null ? null : lot.amount.currency === currency ? lot.amount.minor : 0),
  }
}

/** A lot without `taken` of `held`; of its other measure the same share goes, rounded down, so that a part remains. */
const reduced = ({ boughtAt, amount, unitsMicros }: Lot, taken: number, held: number): Lot => ({
  boughtAt,
  amount: amount === null ? null : { ...amount, minor: amount.minor - share(amount.minor, taken, held) },
  unitsMicros: unitsMicros === null ? null : unitsMicros - share(unitsMicros, taken, held),
})

/** `isWhole`: all that was redeemed was found in the lots. */
export type Redeemed = { readonly lots: readonly Lot[]; readonly isWhole: boolean }

/**
 * Takes a redemption out of the lots, first in, first out. It never takes more than a lot has; a lot whose size is
 * unknown in the redemption's measure is passed over, and only a redemption of all ends it.
 */
export function redeem(lots: readonly Lot[], size: Size): Redeemed {
  const measure = measureOf(size)
  if (measure === null) return { lots: [], isWhole: lots.length > 0 }
  let left = measure.wanted
  const kept: Lot[] = []
  for (const lot of lots) {
    const held = measure.held(lot) ?? 0
    const taken = Math.min(held, left)
    left -= taken
    if (taken === 0) kept.push(lot)
    else if (taken < held) kept.push(reduced(lot, taken, held))
  }
  return { lots: kept, isWhole: left === 0 }
}

/** Lots with another one at its place by instant, behind those of the same. */
export function withLot(lots: readonly Lot[], lot: Lot): readonly Lot[] {
  let place = lots.length
  while (place > 0 && (lots[place - 1]?.boughtAt ?? lot.boughtAt) > lot.boughtAt) place -= 1
  return [...lots.slice(0, place), lot, ...lots.slice(place)]
}

const sum = (a: number, b: number): number | null => (Number.isSafeInteger(a + b) ? a + b : null)

/** Known where both are, in one currency, and the sum is a safe integer. */
function costOf(a: Lot['amount'], b: Lot['amount']): Lot['amount'] {
  const minor = a === null || a.currency !== b?.currency ? null : sum(a.minor, b.minor)
  return a === null || minor === null ? null : { ...a, minor }
}

/** Both as one, dated by the younger: it never claims to be held longer than it is. What does not add up is unknown. */
const merged = (older: Lot, younger: Lot): Lot => ({
  boughtAt: younger.boughtAt,
  amount: costOf(older.amount, younger.amount),
  unitsMicros:
    older.unitsMicros === null || younger.unitsMicros === null ? null : sum(older.unitsMicros, younger.unitsMicros),
})

/** At most `most` lots: of more, the oldest are merged. */
export function fewerLots(lots: readonly Lot[], most: number): readonly Lot[] {
  let few = lots
  while (few.length > most) {
    const [oldest, next, ...others] = few
    if (oldest === undefined || next === undefined) return few
    few = [merged(oldest, next), ...others]
  }
  return few
}
