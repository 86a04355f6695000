/**
 * A circuit breaker: after failures in a row a server that may be down is asked no more for a while, then by one call
 * alone, whose outcome decides. Pure; the clock is the caller's, in ms. Nygard, "Release It!", chapter "Circuit Breaker".
 */
export type Breaker =
  | { readonly state: 'closed'; readonly failures: number }
  | { readonly state: 'open'; readonly until: number }
  /** One call is under way; where it does not report by `until`, another may try. */
  | { readonly state: 'half-open'; readonly until: number }

export type BreakerLimits = { readonly failuresToOpen: number; readonly openMs: number }

export const closedBreaker: Breaker = Object.freeze({ state: 'closed', failures: 0 })

/** The breaker once a call was let through; null: it is not. */
export const admitted = (breaker: Breaker, now: number, { openMs }: BreakerLimits): Breaker | null => {
  if (breaker.state === 'closed') return breaker
  return now < breaker.until ? null : { state: 'half-open', until: now + openMs }
}

/** A call that was let through failed. */
export const failed = (breaker: Breaker, now: number, { failuresToOpen, openMs }: BreakerLimits): Breaker => {
  if (breaker.state === 'open') return breaker
  const failures = breaker.state === 'closed' ? breaker.failures + 1 : failuresToOpen
  return failures < failuresToOpen ? { state: 'closed', failures } : { state: 'open', until: now + openMs }
}
