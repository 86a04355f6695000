import fc from 'fast-check'
import { randomProduct, seeded } from '../../tests/randomMarket.js'
import { catalogueOf, randomModel, releaseOf } from '../../tests/randomRelease.js'
import { compareIds } from '../../features/schema/ids.js'
import { dot, integerScore } from '../model/kernel.js'
import { bitsWhere, countBits, fullBits, hasBit } from '../suitability/bitset.js'
import { exactSearch, popularitySearch } from './exact.js'
import { buildHnsw, defaultGraph, hnswSearch, loadHnswlib } from './hnsw.js'
import { defaultThresholds, planSearch } from './planner.js'

const at = Date.parse('2026-05-08T15:00:00Z')
const random = seeded(3)
const catalogue = catalogueOf(Array.from({ length: 4000 }, (_, index) => randomProduct(random, index, at)))
const { vectors } = releaseOf(randomModel(catalogue.products, 24, 5), catalogue)
const n = vectors.productIds.length
const queryOf = (seed: number): Float32Array => {
  const next = seeded(seed)
  return Float32Array.from({ length: 24 }, () => next() * 2 - 1)
}

/** The plain twin: every score, sorted. */
const sortedRows = (query: Float32Array, allowed: (row: number) => boolean): number[] =>
  Array.from({ length: n }, (_, row) => row)
    .filter(allowed)
    .map((row) => [row, integerScore(dot(query, 0, vectors.matrix, row * 24, 24))] as const)
    .sort(([a, x], [b, y]) => y - x || compareIds(vectors.productIds[a]!, vectors.productIds[b]!))
    .map(([row]) => row)

test('rows lie by level, then by id', () => {
  const levelOf = (row: number) =>
    Number(catalogue.products[catalogue.ordinalOf.get(vectors.productIds[row]!)!]!.rating?.level[1] ?? 0)
  for (let row = 1; row < n; row++) {
    expect(levelOf(row)).toBeGreaterThanOrEqual(levelOf(row - 1))
    if (levelOf(row) === levelOf(row - 1)) expect(vectors.productIds[row]! > vectors.productIds[row - 1]!).toBe(true)
  }
  expect(vectors.levelStart[6]).toBe(n)
})

test('the exact search is the sorted list of all scores, cut', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 0, max: 300 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (seed, k, share) => {
        const next = seeded(seed)
        const mask = bitsWhere(n, () => next() < share)
        const query = queryOf(seed)
        expect(Array.from(exactSearch(vectors, query, mask, k).rows)).toEqual(
          sortedRows(query, (row) => hasBit(mask, row)).slice(0, k),
        )
      },
    ),
    { numRuns: 30 },
  )
})

test('equal scores are ordered by product id', () => {
  const { rows } = exactSearch(vectors, new Float32Array(24), fullBits(n), 50)
  expect(Array.from(rows, (row) => vectors.productIds[row])).toEqual(
    [...vectors.productIds].sort(compareIds).slice(0, 50),
  )
})

test('popularity orders by popularity', () => {
  const { rows } = popularitySearch(vectors, fullBits(n), 100)
  const values = Array.from(rows, (row) => vectors.popularity[row]!)
  expect(values).toEqual([...values].sort((a, b) => b - a))
})

test('HNSW over whole levels finds what the exact search finds', async () => {
  const loaded = await loadHnswlib()
  if ('missing' in loaded) return console.warn(`skipped: ${loaded.missing}`)
  const index = buildHnsw(loaded.library, vectors, defaultGraph)
  for (let top = 1; top <= 5; top++) {
    const mask = bitsWhere(n, (row) => row >= vectors.levelStart[1]! && row < vectors.levelStart[top + 1]!)
    const levels = [1, 2, 3, 4, 5].slice(0, top)
    let found = 0
    for (let seed = 1; seed <= 20; seed++) {
      const query = queryOf(seed)
      const exact = new Set(exactSearch(vectors, query, mask, 100).rows)
      const near = hnswSearch(index, vectors, query, mask, { k: 100, ef: 400, overfetch: 1, levels })
      for (const row of near.rows) {
        expect(hasBit(mask, row)).toBe(true)
        found += exact.has(row) ? 1 : 0
      }
    }
    expect(found / 2000).toBeGreaterThanOrEqual(0.99)
  }
})

test('a query without a direction is refused by HNSW', async () => {
  const loaded = await loadHnswlib()
  if ('missing' in loaded) return console.warn(`skipped: ${loaded.missing}`)
  const index = buildHnsw(loaded.library, vectors, { m: 8, efConstruction: 50, seed: 1 })
  for (const query of [new Float32Array(24), new Float32Array(24).fill(NaN)])
    expect(() => hnswSearch(index, vectors, query, fullBits(n), { k: 1, ef: 10, overfetch: 1, levels: [1] })).toThrow(
      /no direction/,
    )
})

test('the planner takes HNSW only above the threshold and where whole levels are open', () => {
  const low = { ...defaultThresholds, exactUpTo: 0 }
  const whole = bitsWhere(n, (row) => row >= vectors.levelStart[1]! && row < vectors.levelStart[3]!)
  const holes = bitsWhere(n, (row) => hasBit(whole, row) && row % 2 === 0)
  const nearlyWhole = bitsWhere(n, (row) => hasBit(whole, row) && row % 20 !== 0)
  expect(planSearch(vectors, whole, countBits(whole), low, true)).toEqual({ search: 'hnsw', levels: [1, 2] })
  expect(planSearch(vectors, nearlyWhole, countBits(nearlyWhole), low, true)).toEqual({
    search: 'hnsw',
    levels: [1, 2],
  })
  expect(planSearch(vectors, holes, countBits(holes), low, true)).toEqual({ search: 'exact' })
  expect(planSearch(vectors, whole, countBits(whole), defaultThresholds, true)).toEqual({ search: 'exact' })
  expect(planSearch(vectors, whole, countBits(whole), low, false)).toEqual({ search: 'exact' })
})
