import fc from 'fast-check'
import { admitted, type Breaker, closedBreaker, failed } from './breaker.js'

const limits = { failuresToOpen: 3, openMs: 100 }
const failTimes = (times: number, now: number): Breaker =>
  Array.from({ length: times }).reduce<Breaker>((breaker) => failed(breaker, now, limits), closedBreaker)

test.each([
  { failures: 0, state: 'closed' },
  { failures: 2, state: 'closed' },
  { failures: 3, state: 'open' },
  { failures: 7, state: 'open' },
])('after $failures failures in a row it is $state', ({ failures, state }) => {
  expect(failTimes(failures, 10).state).toBe(state)
})

test('open, it lets nobody through; then one call, whose failure opens it again', () => {
  const open = failTimes(3, 10)
  expect(admitted(open, 109, limits)).toBeNull()
  const probing = admitted(open, 110, limits)
  expect(probing).toEqual({ state: 'half-open', until: 210 })
  expect(admitted(probing!, 150, limits)).toBeNull()
  expect(failed(probing!, 150, limits)).toEqual({ state: 'open', until: 250 })
})

test('a probe of which nothing is heard keeps it shut for a time, not for good', () => {
  const probing = admitted(failTimes(3, 0), 100, limits)
  expect(admitted(probing!, 200, limits)).toEqual({ state: 'half-open', until: 300 })
})

test('a failure of a call from before it opened does not hold it open longer', () => {
  const open = failTimes(3, 10)
  expect(failed(open, 90, limits)).toBe(open)
})

test('whatever comes, no more than one call in openMs gets through to a server that always fails', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60), { minLength: 1, maxLength: 200 }), (gaps) => {
      let [breaker, now]: [Breaker, number] = [failTimes(3, 0), 0]
      const asked: number[] = []
      for (const gap of gaps) {
        now += gap
        const next = admitted(breaker, now, limits)
        if (next === null) continue
        asked.push(now)
        breaker = failed(next, now, limits)
      }
      for (let n = 1; n < asked.length; n += 1) expect(asked[n]! - asked[n - 1]!).toBeGreaterThanOrEqual(100)
      if (now >= 200) expect(asked.length).toBeGreaterThan(0)
    }),
  )
})
