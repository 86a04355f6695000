import { returnBetween } from './navReturn.js'

const revisions = (days: number[], navs: number[], jumps: number[] = [], knownAt: number[] = days) => ({
  ...{ days, navs, knownAt },
  isReturn: days.map((_, at) => (jumps.includes(at) ? 0 : 1)),
})

test.each<[string, ReturnType<typeof revisions>, number | null]>([
  ['from day to day', revisions([100, 110, 130], [2, 9, 3]), 0.5],
  ['the last NAV before stands', revisions([95, 125], [2, 3]), 0.5],
  ['not for longer than ten days', revisions([89, 130], [2, 3]), null],
  ['nor at the end', revisions([100, 119], [2, 3]), null],
  ['one NAV is no return', revisions([125], [2]), null],
  ['before the first there is none', revisions([101, 130], [2, 3]), null],
  ['a split is no loss', revisions([100, 110, 130], [2, 1, 1.5], [1]), 0.5],
  ['what became known later is not known', revisions([100, 130, 130], [2, 3, 9], [], [100, 130, 900]), 0.5],
])('%s', (_, of, expected) => {
  const found = returnBetween(of, 100, 130, 500)
  if (expected === null) expect(found).toBeNull()
  else expect(found).toBeCloseTo(expected, 12)
})
