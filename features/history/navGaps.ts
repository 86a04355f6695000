import { type NavWindowFacts } from '../definitions/navWindows.js'

const numbers = ({ nav, windows }: NavWindowFacts): readonly (number | null)[] => [
  nav,
  ...windows.flatMap(({ months, totalReturn, volatility, maxDrawdown, returns }) => [
    months,
    totalReturn,
    volatility,
    maxDrawdown,
    returns,
  ]),
]

/** What is smaller is a ratio of NAVs so near to 1 that the difference has few digits: 1e-9 of this is 1e-14. */
const smallest = 1e-5

const gap = (a: number | null, b: number | null | undefined): number => {
  if (a === b) return 0
  if (a === null || b === null || b === undefined) return Number.POSITIVE_INFINITY
  return Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), smallest)
}

/** For tests: the largest relative difference between two products' facts; infinite where one alone has a value. */
export function relativeGap(a: NavWindowFacts, b: NavWindowFacts | undefined): number {
  if (b === undefined || a.navDate !== b.navDate || a.windows.length !== b.windows.length)
    return Number.POSITIVE_INFINITY
  const others = numbers(b)
  return Math.max(...numbers(a).map((value, i) => gap(value, others[i])))
}
