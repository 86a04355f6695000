import { FirmId } from '../../features/schema/ids.js'
import { digest } from '../../tests/officers.js'
import { commonAt, digestsFrom, ownAt, packAt, schedule, type Schedules, unschedule } from './schedule.js'

const firm = FirmId.parse('firm-b')
const none: Schedules = new Map()
const [a, b, f] = [digest('a'), digest('b'), digest('f')]
/** Of all firms `a` from 1000 and `b` from 5000 on; the firm’s own `f` from 2000 until 7000. */
const schedules = (
  [
    [null, 1000, a],
    [null, 5000, b],
    [firm, 2000, f],
    [firm, 7000, null],
  ] as const
).reduce<Schedules>(
  (all, [firmId, from, packDigest]) => schedule(all, { firmId, from, packDigest, origin: 'configuration' }),
  none,
)

test.each([
  [0, [a, b, f]],
  [1000, [a, b, f]],
  [4999, [a, b, f]],
  [5000, [b, f]],
  [6999, [b, f]],
  [7000, [b]],
])('from %d on these are or come into force', (at, digests) =>
  expect([...digestsFrom(schedules, at)].sort()).toEqual(digests),
)

test('nothing judges where nothing was ever recorded', () => {
  expect([packAt(none, null, 1), packAt(none, firm, 1), commonAt(none, 1), ownAt(none, firm, 1)]).toEqual([
    ...[null, null, null, null],
  ])
  expect(digestsFrom(none, 1)).toEqual(new Set())
})

test('before the first record the first pack of all firms counts, and none of a firm’s own', () => {
  expect([packAt(schedules, firm, 999), packAt(schedules, null, 999), ownAt(schedules, firm, 1999)]).toEqual([
    ...[a, a, null],
  ])
  expect(commonAt(schedules, 999)).toEqual({ from: 1000, packDigest: a, origin: 'configuration' })
})

test('the last change alone is taken back, by its origin', () => {
  const origin = digest('1')
  const next = schedule(schedules, { firmId: null, from: 8000, packDigest: a, origin })
  expect(packAt(next, null, 8000)).toBe(a)
  expect(unschedule(next, null, origin)).toEqual(schedules)
  expect(() => unschedule(next, null, digest('2'))).toThrow(expect.objectContaining({ code: 'not-last' }) as Error)
  expect(() => unschedule(next, firm, origin)).toThrow(expect.objectContaining({ code: 'not-last' }) as Error)
})
