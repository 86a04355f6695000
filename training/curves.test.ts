import fc from 'fast-check'
import { Curve, curveOf } from './curves.js'

test('few values stand as they are; of none there is no curve', () => {
  expect(curveOf('loss', 'step', [3, 2, 1])).toEqual({
    ...{ name: 'loss', by: 'step' },
    points: [
      [1, 3],
      [2, 2],
      [3, 1],
    ],
  })
  expect(curveOf('loss', 'step', [])).toBeNull()
})

test('of many the runs cover every value once, end at the last, and keep their mean', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2000 }), (count) => {
      const curve = Curve.parse(
        curveOf(
          'loss',
          'step',
          Array.from({ length: count }, (_, at) => at),
        ),
      )
      expect(curve.points.length).toBeLessThanOrEqual(200)
      expect(curve.points.at(-1)?.[0]).toBe(count)
      let [before, sum] = [0, 0]
      for (const [at, value] of curve.points) {
        sum += value * (at - before)
        before = at
      }
      expect(sum).toBeCloseTo((count * (count - 1)) / 2, 5)
    }),
  )
})
