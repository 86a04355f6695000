type Waiting = { readonly at: number; readonly pass: () => void }

/**
 * Deadlines of calls under way, all on one timer, which goes off at the first of them: a timer of each call's own would
 * be much of what a read costs. It holds no process.
 */
export const deadlines = (now: () => number) => {
  const waiting = new Set<Waiting>()
  let timer: NodeJS.Timeout | null = null
  let goesOffAt = Infinity

  const set = (at: number): void => {
    if (timer !== null) clearTimeout(timer)
    goesOffAt = at
    timer = setTimeout(goOff, Math.max(0, at - now())).unref()
  }

  const goOff = (): void => {
    timer = null
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
