import { type Instant } from '../features/schema/time.js'

/** A fact from further ahead is no sign of a clock that was put right, and must not move every decision there. */
const mostAheadMs = 24 * 3_600_000

/**
 * Instants that strictly increase: what a caller put before his request is known strictly before it. Where the clock
 * steps back they go on by a millisecond each until it has caught up; also over a restart, for they start after `newest`,
 * the latest fact on record, where that lies less than a day ahead.
 */
export function clockFrom(now: () => Instant, newest: Instant): () => Instant {
  let last = newest - now() < mostAheadMs ? newest : -Infinity
  return () => (last = Math.max(now(), last + 1))
}
