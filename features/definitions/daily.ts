import { activityKinds, type DailyCount, type DailyCounts, noDaily } from '../schema/daily.js'
import { compareIds } from '../schema/ids.js'
import { type BehaviourEvent, behaviourKind } from './behaviour.js'
import { dayOfInstant } from './calendar.js'

/** Entries kept: the first in their order, so the newest. */
export const dailyCap = 256
/** Days kept, back from the newest of them: the longest window is shorter. */
export const dailyDays = 400

const compareDaily = (a: DailyCount, b: DailyCount): number =>
  b.day - a.day || activityKinds.indexOf(a.kind) - activityKinds.indexOf(b.kind) || compareIds(a.productId, b.productId)

const keyOf = ({ day, kind, productId }: Omit<DailyCount, 'count'>): string => `${day} ${kind} ${productId}`

/**
 * The events folded into daily counts. The order of arrival never matters, caps or not: entries are dropped from the
 * end of a fixed order, so one that is dropped early would be dropped in the end too, and none that stays was ever
 * dropped. An event given twice counts twice: it is the history that knows event ids.
 */
export function foldDaily(events: Iterable<BehaviourEvent>, onto: DailyCounts = noDaily): DailyCounts {
  const entries = new Map<string, DailyCount>()
  for (const { type, productId, occurredAt } of events) {
    const kind = behaviourKind(type)
    if (kind === null || productId === null) continue
    const fresh = { day: dayOfInstant(occurredAt), kind, productId }
    const key = keyOf(fresh)
    entries.set(key, { ...fresh, count: (entries.get(key)?.count ?? 0) + 1 })
  }
  if (entries.size === 0) return onto
  for (const entry of onto) {
    const key = keyOf(entry)
    entries.set(key, { ...entry, count: entry.count + (entries.get(key)?.count ?? 0) })
  }
  const sorted = [...entries.values()].sort(compareDaily)
  const oldest = (sorted[0]?.day ?? 0) - dailyDays
  const kept = sorted.slice(0, dailyCap)
  const end = kept.findIndex(({ day }) => day <= oldest)
  return end < 0 ? kept : kept.slice(0, end)
}
