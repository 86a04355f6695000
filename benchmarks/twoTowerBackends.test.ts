import { powerLawPairs } from './powerLawPairs.js'
import { furthest, slopeOf } from './twoTowerBackends.js'

test('the greatest relative difference, of the first hundred steps alone', () => {
  const baseline = Array.from({ length: 101 }, () => 4)
  expect(furthest([...baseline.slice(0, 99), 5, 9], baseline)).toBe(0.25)
  expect(furthest(baseline, baseline)).toBe(0)
})

test('a slope by least squares', () => {
  const line = [0, 50, 100, 150].map((steps) => ({ steps, tensors: 1, rssMb: 100 + 0.02 * steps }))
  expect(slopeOf(line)).toBeCloseTo(0.02, 12)
})

test('pairs: the same for a seed, about as many as asked, ascending in each row, the first ranks the most taken', () => {
  const size = { users: 500, items: 400, pairs: 5000 }
  const pairs = powerLawPairs(size, 3)
  expect(powerLawPairs(size, 3)).toEqual(pairs)
  expect(Math.abs(pairs.items.length - 5000)).toBeLessThan(500)
  const counts = new Int32Array(400)
  for (let user = 0; user < 500; user++) {
    const row = [...pairs.items.subarray(pairs.offsets[user], pairs.offsets[user + 1])]
    expect(row).toEqual([...new Set(row)].sort((a, b) => a - b))
    for (const item of row) counts[item]!++
  }
  const sum = (from: number, to: number): number => counts.subarray(from, to).reduce((total, count) => total + count, 0)
  expect(sum(0, 40)).toBeGreaterThan(3 * sum(360, 400))
})
