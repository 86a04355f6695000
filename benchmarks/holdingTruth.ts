import { type Event } from '../features/schema/event.js'
import { type Instant } from '../features/schema/time.js'
import { redemptionFeeBps, takesAll, weeklyHazard } from '../simulation/redemption.js'
import { type Simulation } from '../simulation/simulation.js'

/** A holder looks at what he holds once a week (simulation/day.ts), on a day by his index. */
const reviewDays = 7

/**
 * For how many of the `horizon` days an investor would hold a product that he bought on `day`, in expectation: the
 * simulation's own hazard along the NAVs that came, lock-up and fees included. Nothing of it was known on the day.
 * Until all of it is redeemed, by one look in expectation `takesAll` of the hazard.
 */
export function trueHolding(
  { people, supply }: Simulation,
  investor: number,
  ordinal: number,
  day: number,
  horizon: number,
): number {
  const person = people[investor]
  const product = supply.current(ordinal)
  if (person == null || product === null) throw new Error(`holding: no investor ${investor} or product ${ordinal}`)
  const isCash = product.kind === 'money-market'
  let peak = supply.navOn(ordinal, day)
  let [survival, total] = [1, 0]
  for (let held = 1; held <= horizon; held++) {
    total += survival
    if ((day + held + investor) % reviewDays !== 0) continue
    const nav = supply.navOn(ordinal, day + held)
    peak = Math.max(peak, nav)
    if (held < Math.max(1, product.lockupDays)) continue
    survival *= 1 - takesAll * weeklyHazard(person, 1 - nav / peak, redemptionFeeBps(product, held), isCash)
  }
  return total
}

export type FirstPurchase = { readonly days: number; readonly ended: boolean }

/**
 * By `investor product instant`, for how long each first purchase of a product was held, as known at `asOf`: first in,
 * first out, it is gone when as many units were redeemed as it had. events: by time.
 */
export function firstPurchases(events: readonly Event[], asOf: Instant): ReadonlyMap<string, FirstPurchase> {
  const open = new Map<string, { readonly at: Instant; units: number }>()
  const found = new Map<string, FirstPurchase>()
  for (const event of events) {
    if (event.occurredAt >= asOf || (event.type !== 'purchase' && event.type !== 'redemption')) continue
    const key = `${event.investorId} ${event.productId}`
    const lot = open.get(key)
    const units = event.unitsMicros ?? 0
    if (event.type === 'purchase') {
      if (lot !== undefined) continue
      open.set(key, { at: event.occurredAt, units })
      found.set(`${key} ${event.occurredAt}`, { days: (asOf - event.occurredAt) / 86_400_000, ended: false })
    } else if (lot !== undefined && lot.units > 0) {
      lot.units -= units
      const days = (event.occurredAt - lot.at) / 86_400_000
      if (lot.units <= 0) found.set(`${key} ${lot.at}`, { days, ended: true })
    }
  }
  return found
}
