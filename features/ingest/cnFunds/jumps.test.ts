import { type NavSeries } from '../../definitions/navFacts.js'
import { jumpsAsTheyCame, jumpsOf } from './jumps.js'

/** 100 days of ±.5 %, and then the steps given. */
function series(...steps: number[]): NavSeries {
  const navs: number[] = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 1 : 1.005))
  for (const step of steps) navs.push((navs.at(-1) ?? 1) * (1 + step))
  return { navs, days: navs.map((_, i) => i) }
}

const jumpsIn = (...all: NavSeries[]) => {
  const funds = new Map(all.map((one, i) => [String(i), one]))
  return [...jumpsOf(funds).values()].map((set) => [...set])
}

test('a distribution and a split are jumps; a bad day of one fund is not', () => {
  expect(jumpsIn(series(-0.1, 0.01), series(-0.5), series(1.2), series(-0.04))).toEqual([[100], [100], [100], []])
})

test('what comes later changes nothing of what was a jump when it came', () => {
  const jumpsThen = (one: NavSeries) => [...(jumpsAsTheyCame(new Map([['a', one]])).get('a') ?? [])]
  expect(jumpsThen(series(-0.1, 0.01))).toEqual([100])
  // A fall of 10 % is one of the fund's own where its days are as wild, and only those before it count.
  const wild = Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? 0.08 : -0.07))
  expect(jumpsThen(series(-0.1, ...wild))[0]).toBe(100)
  expect(jumpsThen(series(...wild, -0.1))).not.toContain(500)
  // Too few steps before it: only a step that can never be one is.
  expect(jumpsThen({ navs: [1, 1.001, 0.9, 0.45], days: [0, 1, 2, 3] })).toEqual([3])
})

test('a jump is found by the last 250 steps before it', () => {
  const wild = Array.from({ length: 300 }, (_, i) => (i % 2 === 0 ? 0.08 : -0.07))
  const calm = Array.from({ length: 260 }, (_, i) => (i % 2 === 0 ? 0.005 : -0.005))
  const one = series(...wild, ...calm, -0.1)
  expect(
    jumpsAsTheyCame(new Map([['a', one]]))
      .get('a')
      ?.has(one.navs.length - 1),
  ).toBe(true)
})

test('a fall that ten funds share is a day of the market, but a split on it is a split', () => {
  const crash = Array.from({ length: 10 }, () => series(-0.12))
  expect(jumpsIn(...crash, series(-0.5))).toEqual([...crash.map(() => []), [100]])
})
