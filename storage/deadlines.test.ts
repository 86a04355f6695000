import { deadlines } from './deadlines.js'

beforeEach(() => jest.useFakeTimers())
afterEach(() => jest.useRealTimers())

test('each passes at its own time, in whatever order they were set, and none that was called off', () => {
  const atDeadline = deadlines(() => performance.now())
  const began = performance.now()
  const passed: [string, number][] = []
  const set = (name: string, ms: number): (() => void) =>
    atDeadline(began + ms, () => passed.push([name, performance.now() - began]))
  set('late', 1_000)
  const off = set('called off', 100)
  set('soon', 250)
  off()
  jest.advanceTimersByTime(600)
  expect(passed).toEqual([['soon', 250]])
  set('in between', 700)
  jest.advanceTimersByTime(600)
  expect(passed).toEqual([
    ['soon', 250],
    ['in between', 700],
    ['late', 1_000],
  ])
})
