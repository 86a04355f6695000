/** Hundredths of a unit, in millionths. */
export const microsOf = (units: number): number | null => (units > 0 ? units * 10_000 : null)

/** Bought at once: hundredths of a unit of a product, whole, as fund companies count them; and the day. */
export type Lot = { readonly day: number; units: number }

/** All that is held of one product: its lots, the oldest first, and the highest NAV seen since it is held. */
export type Position = { readonly product: number; readonly lots: Lot[]; peak: number }

/** What an investor holds. Amounts are whole minor units, NAVs in units of the currency. */
export type Holdings = {
  readonly positions: () => readonly Position[]
  readonly of: (product: number) => Position | undefined
  /** Returns the units bought. */
  readonly buy: (product: number, day: number, minor: number, feeBps: number, nav: number) => number
  /** Takes units out, first in, first out. Throws where there are not so many: a bug of the caller. */
  readonly redeem: (product: number, units: number) => void
}

/** Units of the lots bought up to a day: what a lock-up leaves free. */
export const unitsUpTo = ({ lots }: Position, day: number): number =>
  lots.reduce((sum, lot) => (lot.day <= day ? sum + lot.units : sum), 0)

export function emptyHoldings(): Holdings {
  let positions: Position[] = []
  const of = (product: number): Position | undefined => positions.find((position) => position.product === product)
  return {
    positions: () => positions,
    of,
    buy: (product, day, minor, feeBps, nav) => {
      let position = of(product)
      if (position === undefined) positions.push((position = { product, lots: [], peak: nav }))
      const units = Math.floor((minor * (1 - feeBps / 10_000)) / nav)
      position.lots.push({ day, units })
      return units
    },
    redeem: (product, units) => {
      const lots = of(product)?.lots ?? []
      let left = units
      while (left > 0) {
        const [oldest] = lots
        if (oldest === undefined) throw new RangeError('holdings: more units redeemed than held; this is a bug')
        const taken = Math.min(oldest.units, left)
        oldest.units -= taken
        left -= taken
        if (oldest.units <= 0) lots.shift()
      }
      if (lots.length === 0) positions = positions.filter((position) => position.product !== product)
    },
  }
}
