import { deadlines, type Timer } from './deadlines.js'

/** A clock that moves by hand, and its timers. */
function byHand() {
  let now = 0
  const timers = new Set<{ readonly at: number; readonly pass: () => void }>()
  const timer: Timer = (pass, ms) => {
    const mine = { at: now + ms, pass }
    timers.add(mine)
    return () => void timers.delete(mine)
  }
  const advance = (ms: number): void => {
    const end = now + ms
    for (;;) {
      const [next] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
      if (next === undefined) break
      now = next.at
      timers.delete(next)
      next.pass()
    }
    now = end
  }
  return { now: () => now, timer, advance, waiting: () => timers.size }
}

test('each passes at its own time, in whatever order they were set, and none that was called off', () => {
  const clock = byHand()
  const atDeadline = deadlines(clock.now, clock.timer)
  const passed: [string, number][] = []
  const set = (name: string, at: number): (() => void) => atDeadline(at, () => passed.push([name, clock.now()]))
  set('late', 1_000)
  const off = set('called off', 100)
  set('soon', 250)
  off()
  expect(clock.waiting()).toBe(1)
  clock.advance(600)
  expect(passed).toEqual([['soon', 250]])
  set('in between', 700)
  clock.advance(600)
  expect(passed).toEqual([
    ['soon', 250],
    ['in between', 700],
    ['late', 1_000],
  ])
  expect(clock.waiting()).toBe(0)
})
