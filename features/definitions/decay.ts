/** 2^(-1/half-life) of the half-lives in use, as the nearest double: no `Math.pow`, whose last bit differs. */
const daily: Readonly<Record<30 | 90, number>> = { 30: 0.9771599684342459, 90: 0.9923279462629435 }
const tables = new Map<number, Float64Array>()
/** As many days as daily counts are kept, and some. */
const longest = 512

/** What is left of 1 after so many whole days (≥ 0), multiplied out day by day; 0 past the last day of the table. */
export function halved(age: number, halfLifeDays: 30 | 90): number {
  let table = tables.get(halfLifeDays)
  if (table === undefined) {
    table = new Float64Array(longest)
    table[0] = 1
    for (let day = 1; day < longest; day++) table[day] = (table[day - 1] ?? 0) * daily[halfLifeDays]
    tables.set(halfLifeDays, table)
  }
  return table[age] ?? 0
}
