import { type Instant } from '../features/schema/time.js'

/** A fact from further ahead is no sign of a clock that was put right, and must not move every decision there. */
const mostAheadMs = 24 * 3_600_000

/**
 * Instants that strictly increase: what a caller put before his request is known strictly before it. Where the clock
 * steps back they go on by a millisecond each until it has caught up; also over a restart, for each comes after `fact`,
 * the instant of the latest fact that it is to see, where that lies less than a day ahead.
 */
export function clockFrom(now: () => Instant): (fact?: Instant) => Instant {
  let last = -Infinity
  return (fact = -Infinity) => {
    const present = now()
    const seen = fact - present < mostAheadMs ? fact : -Infinity
    return (last = Math.max(present, last + 1, seen + 1))
  }
}
