import { type NavSeries } from '../../definitions/navFacts.js'
import { jumpsOf } from './jumps.js'

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

test('a fall that ten funds share is a day of the market, but a split on it is a split', () => {
  const crash = Array.from({ length: 10 }, () => series(-0.12))
  expect(jumpsIn(...crash, series(-0.5))).toEqual([...crash.map(() => []), [100]])
})
