import { type Random } from '../features/definitions/random.js'
import { type ProductStatus } from '../features/schema/product.js'
import { chance, whole } from './draws.js'
import { weekdayOf } from './tradingDays.js'

/** A change of a product's status, on a day number. Ascending; the first makes it known. */
export type StatusChange = {
  readonly day: number
  readonly status: ProductStatus
  readonly maxDailyMinor: number | null
}

/** Of a hundred products: how many are launched within the time simulated, and how often the rest of life befalls one a year. */
const launchedPercent = 14
const suspendedPerYear = 0.12
const limitedPerYear = 0.15
const terminatedPerYear = 0.025

/** Changes come into force on Mondays, so that revisions of the catalogue stay few. */
const mondayFrom = (day: number): number => day + ((8 - weekdayOf(day)) % 7)

const limits = [1_000_000, 10_000_000, 100_000_000] as const

/** The statuses of a product through the days `first` to `last`: launch, suspensions, limits, and sometimes its end. */
export function statusChanges(random: Random, first: number, last: number): readonly StatusChange[] {
  const years = (last - first + 1) / 365
  const open = (day: number): StatusChange => ({ day, status: 'open', maxDailyMinor: null })
  const changes: StatusChange[] = []
  let day = first
  if (chance(random, (launchedPercent / 100) * Math.min(1, years / 2))) {
    day = mondayFrom(whole(random, first, last))
    if (day > last - 35) return [open(first - 1)]
    changes.push({ day, status: 'subscribing', maxDailyMinor: null })
    day += 14
    changes.push(open(day))
  } else changes.push(open(first - 1))
  const terminated = chance(random, terminatedPerYear * years)
  const end = terminated ? mondayFrom(whole(random, first, last)) : last + 1
  for (const [rate, status] of [
    [suspendedPerYear, 'suspended'],
    [limitedPerYear, 'purchase-limited'],
  ] as const) {
    if (!chance(random, rate * years)) continue
    const from = mondayFrom(Math.max(day + 7, whole(random, first, last)))
    const to = from + 7 * whole(random, 2, 12)
    if (from >= end || from <= day) continue
    const maxDailyMinor = status === 'suspended' ? null : (limits[whole(random, 0, limits.length - 1)] ?? null)
    changes.push({ day: from, status, maxDailyMinor }, open(to))
    day = to
  }
  if (!terminated || end <= day + 28) return changes.filter((change) => change.day <= last)
  changes.push({ day: end, status: 'closed', maxDailyMinor: null })
  changes.push({ day: end + 14, status: 'terminated', maxDailyMinor: null })
  return changes.filter((change) => change.day <= last && (change.day <= end || change.status === 'terminated'))
}
