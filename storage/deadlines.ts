type Waiting = { readonly at: number; readonly pass: () => void }

/** Calls `pass` after so many ms, unless what it returns is called before. */
export type Timer = (pass: () => void, ms: number) => () => void

const unheld: Timer = (pass, ms) => {
  const timeout = setTimeout(pass, ms).unref()
  return () => clearTimeout(timeout)
}

/**
 * Deadlines of calls under way, all on one timer, which goes off at the first of them: a timer of each call's own would
 * be much of what a read costs. It holds no process.
 */
export const deadlines = (now: () => number, timer: Timer = unheld) => {
  const waiting = new Set<Waiting>()
  let callOff = (): void => undefined
  let goesOffAt = Infinity

  const set = (at: number): void => {
    callOff()
    goesOffAt = at
    callOff = timer(goOff, Math.max(0, at - now()))
  }

  const goOff = (): void => {
    goesOffAt = Infinity
    let next = Infinity
    for (const each of waiting) {
      // A timer may go off a part of a millisecond early.
      if (each.at - now() > 1) next = Math.min(next, each.at)
      else {
        waiting.delete(each)
        each.pass()
      }
    }
    if (next < Infinity) set(next)
  }

  /** Calls `pass` at an instant of the clock, in ms, unless what it returns is called before. */
  return (at: number, pass: () => void): (() => void) => {
    const mine = { at, pass }
    waiting.add(mine)
    if (at < goesOffAt) set(at)
    return () => void waiting.delete(mine)
  }
}
