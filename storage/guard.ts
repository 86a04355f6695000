import { admitted, type Breaker, type BreakerLimits, closedBreaker, failed } from './breaker.js'
import { deadlines } from './deadlines.js'

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
  // By the clock that timers go by, also where a test's stands still.
  const atDeadline = deadlines(() => performance.now())

  /** Rejects when the time is up; an answer that lies in the socket by then still counts, however late this process is. */
  const within = <T>(answer: Promise<T>, ms: number, deadlineMs: number): Promise<T> =>
    new Promise((resolve, reject) => {
      const inTime = atDeadline(performance.now() + ms, () => {
        setImmediate(() => reject(new DeadlinePassed(deadlineMs)))
      })
      answer.then(
        (value) => {
          inTime()
          breaker = closedBreaker
          resolve(value)
        },
        (error: Error) => {
          inTime()
          reject(error)
        },
      )
    })

  /** The attempts after the first, which failed. */
  const again = async <T>(first: unknown, attempt: () => Promise<T>, how: Guarded, began: number): Promise<T> => {
    const { deadlineMs, repeatable, unsentMs = deadlineMs } = how
    const [end, lastTry] = [began + deadlineMs, began + Math.min(unsentMs, deadlineMs)]
    let error = first
    for (let longest = firstWaitMs; ; longest = Math.min(2 * longest, longestWaitMs)) {
      const failure = failureOf(error)
      if (failure === 'answered') {
        breaker = closedBreaker
        throw error
      }
      const waitMs = random() * longest
      const mayTry = repeatable || failure === 'unsent'
      if (!mayTry || now() + waitMs >= (failure === 'unsent' ? lastTry : end)) {
        breaker = failed(breaker, now(), limits)
        throw error
      }
      await sleep(waitMs)
      try {
        return await within(attempt(), end - now(), deadlineMs)
      } catch (next) {
        error = next
      }
    }
  }

  return <T>(attempt: () => Promise<T>, how: Guarded): Promise<T> => {
    const began = now()
    const through = admitted(breaker, began, limits)
    if (through === null) return Promise.reject(new BreakerOpen(`no answer ${limits.failuresToOpen} times in a row`))
    breaker = through
    return within(attempt(), how.deadlineMs, how.deadlineMs).catch((error: unknown) =>
      again(error, attempt, how, began),
    )
  }
}
