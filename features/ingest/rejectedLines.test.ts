import { rejectedWithout } from './rejectedLines.js'
import { rejectedCsv, type Rejection } from './report.js'

const rejection = (line: number, original: string): Rejection => ({
  file: 'investors.csv',
  line,
  column: 'risk_level',
  got: 'C9',
  want: 'C1 to C5',
  original,
})

test('lines that hold the id go, over several lines too; the others stay byte for byte', () => {
  const others = [rejection(2, 'i1,C9,"a ""quoted"" one"'), rejection(9, 'i2,"two\nlines"')]
  const his = [rejection(3, 'gone-77,C9'), rejection(5, 'x,"a\ngone-77\nb"')]
  const of = (list: readonly Rejection[]): string => [...rejectedCsv(list)].join('')
  const [first, second] = others
  const [one, two] = his
  const mixed = of([first!, one!, second!, two!])
  expect(rejectedWithout(mixed, 'gone-77')).toEqual({ csv: of(others), dropped: 2 })
  expect(rejectedWithout(mixed, 'nobody')).toEqual({ csv: mixed, dropped: 0 })
})
