const numerals: Readonly<Record<string, number>> = {
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
  十: 10,
}
const daysOf: Readonly<Record<string, number>> = { 天: 1, 日: 1, 月: 30, 个月: 30, 年: 365 }

const pattern = /(\d+|[一二两三四五六七八九十])(天|日|个月|月|年)(?:滚动|定期|封闭)?持有/

/** Days for which a holding fund (90天持有, 六个月持有, 3年持有) cannot be redeemed, as its name says; 0: it says none. */
export function lockupDaysOfName(name: string): number {
  const [, count = '', unit = ''] = pattern.exec(name) ?? []
  return (numerals[count] ?? Number(count)) * (daysOf[unit] ?? 0)
}
