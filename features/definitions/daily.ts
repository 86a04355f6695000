import { type ActivityKind, type DailyCount, type DailyCounts, noDaily } from '../schema/daily.js'
import { compareIds } from '../schema/ids.js'
import { type BehaviourEvent, behaviourKind } from './behaviour.js'
import { dayOfInstant } from './calendar.js'

/** Entries kept: the first in their order, so the newest. */
export const dailyCap = 256
/** Days kept, back from the newest of them: the longest window is shorter. */
export const dailyDays = 400

const rank = { viewed: 0, purchased: 1, redeemed: 2 } as const satisfies Record<ActivityKind, number>

const compareDaily = (a: DailyCount, b: DailyCount): number =>
  b.day - a.day || rank[a.kind] - rank[b.kind] || compareIds(a.productId, b.productId)

function dailyOf(events: Iterable<BehaviourEvent>): DailyCount[] {
  const entries: DailyCount[] = []
  for (const { type, productId, occurredAt } of events) {
    const kind = behaviourKind(type)
    if (kind !== null && productId !== null) entries.push({ day: dayOfInstant(occurredAt), kind, productId, count: 1 })
  }
  return entries.sort(compareDaily)
}

/** Two sorted lists as one, equal entries added up; what was there stands before what is fresh. */
function merged(onto: DailyCounts, fresh: DailyCounts): DailyCount[] {
  const all: DailyCount[] = []
  let [left, right] = [0, 0]
  const add = (entry: DailyCount): void => {
    const last = all.at(-1)
    if (last !== undefined && compareDaily(last, entry) === 0)
      all[all.length - 1] = { ...last, count: last.count + entry.count }
    else all.push(entry)
  }
  for (;;) {
    const [a, b] = [onto[left], fresh[right]]
    if (a !== undefined && (b === undefined || compareDaily(a, b) <= 0)) {
      add(a)
      left += 1
    } else if (b !== undefined) {
      add(b)
      right += 1
    } else return all
  }
}

/**
 * The events folded into daily counts. The order of arrival never matters, caps or not: entries are dropped from the
 * end of a fixed order, so one that is dropped early would be dropped in the end too, and none that stays was ever
 * dropped. An event given twice counts twice: it is the history that knows event ids.
 */
export function foldDaily(events: Iterable<BehaviourEvent>, onto: DailyCounts = noDaily): DailyCounts {
  const fresh = dailyOf(events)
  if (fresh.length === 0) return onto
  const all = merged(onto, fresh)
  const oldest = (all[0]?.day ?? 0) - dailyDays
  let kept = Math.min(all.length, dailyCap)
  while (kept > 0 && (all[kept - 1]?.day ?? 0) <= oldest) kept -= 1
  return all.length === kept ? all : all.slice(0, kept)
}
