import { admitted, type Breaker, type BreakerLimits, closedBreaker, failed } from './breaker.js'

/** How a call ended without a value: the server `answered` (and refused), it was not `sent`, or nobody knows: `silent`. */
export type Failure = 'answered' | 'unsent' | 'silent'

/** Thrown where the time of a call is up. What it asked for may still be done. */
export class DeadlinePassed extends Error {
  constructor(readonly deadlineMs: number) {
    super(`nothing within ${deadlineMs} ms`)
  }
}

/** Thrown without asking: the server failed too often in a row. */
export class BreakerOpen extends Error {}

export type Guarded = {
  readonly deadlineMs: number
  /** Asking twice is as good as once: a read. What was not sent is tried again in any case, */
  readonly repeatable: boolean
  /** for so long; without it, up to the deadline. */
  readonly unsentMs?: number
}

/** Time and chance, in ms and from 0 up to 1: the test's, or these. */
export type Surroundings = {
  readonly now: () => number
  readonly random: () => number
  readonly sleep: (ms: number) => Promise<void>
}

const surroundings: Surroundings = {
  now: () => performance.now(),
  random: Math.random,
  sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
}

/** Longest waits before the second and later attempts, doubled each time up to the last. */
const [firstWaitMs, longestWaitMs] = [10, 160]

/** Rejects when the time is up; an answer that lies in the socket by then still counts, however late this process is. */
const within = <T>(answer: Promise<T>, ms: number, deadlineMs: number): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => setImmediate(() => reject(new DeadlinePassed(deadlineMs))), Math.max(0, ms))
    answer.then(
      (value) => {
        clearTimeout(timer)
        resolve(value)
      },
      (error: Error) => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })

/**
 * Calls to one server: each has a deadline, all attempts together; between attempts it waits a random time, up to a
 * limit that doubles ("full jitter", M. Brooker, AWS Architecture Blog, 2015). Calls that fail count for the breaker;
 * a server that answers with a refusal is up.
 */
export const guard = (
  limits: BreakerLimits,
  failureOf: (error: unknown) => Failure,
  { now, random, sleep }: Surroundings = surroundings,
) => {
  let breaker: Breaker = closedBreaker

  return async <T>(
    attempt: () => Promise<T>,
    { deadlineMs, repeatable, unsentMs = deadlineMs }: Guarded,
  ): Promise<T> => {
    const through = admitted(breaker, now(), limits)
    if (through === null) throw new BreakerOpen(`no answer ${limits.failuresToOpen} times in a row`)
    breaker = through
    const [end, lastTry] = [now() + deadlineMs, now() + Math.min(unsentMs, deadlineMs)]
    for (let longest = firstWaitMs; ; longest = Math.min(2 * longest, longestWaitMs)) {
      try {
        const value = await within(attempt(), end - now(), deadlineMs)
        breaker = closedBreaker
        return value
      } catch (error) {
        const failure = failureOf(error)
        if (failure === 'answered') {
          breaker = closedBreaker
          throw error
        }
        const waitMs = random() * longest
        const again = repeatable || failure === 'unsent'
        if (!again || now() + waitMs >= (failure === 'unsent' ? lastTry : end)) {
          breaker = failed(breaker, now(), limits)
          throw error
        }
        await sleep(waitMs)
      }
    }
  }
}
