import { costOf, type PastRun } from './cost.js'

const run = (id: string, asOf: number, more: Partial<PastRun> = {}): PastRun => ({
  ...{ id, kind: 'ials', asOf, pairs: 1000, seconds: 20, peakMb: 500 },
  ...more,
})

test('a run costs what the newest of its kind did, in proportion to the pairs', () => {
  const runs = [run('run-a', 1), run('run-b', 2, { seconds: 30 }), run('run-c', 3, { kind: 'ease', seconds: 99 })]
  expect(costOf('ials', 3000, runs)).toMatchObject({ seconds: 90, peakMb: 1500 })
  expect(costOf('ials', 3000, runs).because).toContain('run-b')
  // Memory has a floor that fewer pairs do not lower.
  expect(costOf('ials', 500, runs)).toMatchObject({ seconds: 15, peakMb: 500 })
})

test('without one it is said that only the order of magnitude is known', () => {
  const stated = costOf('two-tower', 1_000_000, [run('run-a', 1, { pairs: 0, kind: 'two-tower' })])
  expect(stated.because).toContain('order of magnitude')
  expect(stated.seconds).toBeGreaterThan(costOf('popularity', 1_000_000, []).seconds)
})
