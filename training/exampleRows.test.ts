import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Interactions as Recorded } from '../features/history/port.js'
import { featureId } from '../features/definitions/feature.js'
import { type InvestorId } from '../features/schema/ids.js'
import { type Product } from '../features/schema/product.js'
import { openDuckDb } from '../storage/duckdb.js'
import { randomProduct, seeded } from '../tests/randomMarket.js'
import { catalogueOf } from '../tests/randomRelease.js'
import { type ExampleFacts, exampleRows, splitsOf } from './exampleRows.js'
import { exampleFeatures, writeExamples } from './examplesFile.js'
import { cutOf } from './holdout.js'

const dayMs = 86_400_000
const asOf = Date.parse('2026-05-08T15:00:00Z')
const random = seeded(5)
const products: Product[] = Array.from({ length: 40 }, (_, index) => randomProduct(random, index, asOf))
const [early, late] = [catalogueOf(products.slice(0, 30)), catalogueOf(products)]

/** 200 investors buy four products each, one a day; what is bought on the last day was not known on the first. */
const rows = Array.from({ length: 800 }, (_, n) => ({ investor: n >> 2, at: asOf - (5 - (n % 4)) * dayMs + (n >> 2) }))
const recorded: Recorded = {
  investorIds: Array.from({ length: 200 }, (_, at) => `I${1000 + at}` as InvestorId),
  productIds: products.map(({ id }) => id),
  rows: {
    investor: Int32Array.from(rows, (row) => row.investor),
    product: Int32Array.from(rows, (_, n) => (n % 4 === 3 ? 35 : (n * 7) % 30)),
    at: Float64Array.from(rows, (row) => row.at),
    knownAt: Float64Array.from(rows, (row) => row.at),
    type: new Uint8Array(800).fill(1),
  },
}
const facts: ExampleFacts = {
  ...{ recorded, profiles: new Map(), seed: 1, negatives: 3 },
  catalogues: [
    { from: asOf - 10 * dayMs, catalogue: early },
    { from: asOf - 3 * dayMs, catalogue: late },
  ],
}
const made = [...exampleRows(facts)]
const count = exampleFeatures.findIndex((feature) => featureId(feature).startsWith('purchase_count'))

test('each purchase stands beside three that he had not bought, which stand for all of them', () => {
  expect(made.filter(({ bought }) => bought)).toHaveLength(800)
  expect(made).toHaveLength(3200)
  for (let first = 0; first < made.length; first += 4) {
    const [purchase, ...others] = made.slice(first, first + 4)
    const known = (purchase?.at ?? 0) >= asOf - 3 * dayMs ? 40 : 30
    const owned = (purchase?.features[0][count] ?? 0) + 1
    const sum = others.reduce((total, { weight }) => total + weight, 0)
    expect(sum).toBeCloseTo(known - owned, 9)
    const his = new Set(
      made
        .filter(({ bought, investorId, at }) => bought && investorId === purchase?.investorId && at <= purchase.at)
        .map(({ productId }) => productId),
    )
    expect(others.some(({ productId }) => his.has(productId))).toBe(false)
  }
})

test('the splits are those of tune and train, and lie one after the other', () => {
  const { validation, test: begin } = splitsOf(recorded)
  expect(begin).toBe(cutOf(recorded))
  expect(validation).toBeLessThan(begin)
  for (const { at, split } of made) expect(split).toBe(at >= begin ? 'test' : at >= validation ? 'validation' : 'train')
  expect(new Set(made.map(({ split }) => split)).size).toBe(3)
})

test('what comes later changes no row', () => {
  const later = { ...recorded.rows, at: recorded.rows.at.slice(), knownAt: recorded.rows.knownAt.slice() }
  // The last purchase of each becomes known only after all of these.
  rows.forEach((_, n) => n % 4 === 3 && (later.knownAt[n] = asOf + dayMs))
  const [before, after] = [made, [...exampleRows({ ...facts, recorded: { ...recorded, rows: later } })]]
  const purchases = (all: typeof made) =>
    all
      .filter(({ bought, at }) => bought && at < asOf - 3 * dayMs)
      .map(({ features }) => features.map((x) => [...x].map(String)))
  expect(purchases(after)).toEqual(purchases(before))
})

test('as Parquet: a row each, the investor under a pseudonym, for the owner alone', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'aptus-examples-'))
  const database = await openDuckDb(join(dir, 'spill'))
  try {
    const file = join(dir, 'examples.parquet')
    expect(await writeExamples(database, file, made, new Uint8Array(32))).toBe(3200)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const [told] = await database.rows(
      `SELECT count(DISTINCT investor)::DOUBLE, count(*) FILTER (bought)::DOUBLE, min("at")::VARCHAR, count(*) FILTER (investor LIKE 'I%')::DOUBLE FROM '${file}'`,
    )
    expect(told).toEqual([200, 800, '2026-05-03 15:00:00', 0])
    const columns = await database.rows(`SELECT column_name FROM (DESCRIBE SELECT * FROM '${file}')`)
    expect(columns.map(([name]) => name)).toEqual([
      ...['investor', 'at', 'product_id', 'bought', 'weight', 'split'],
      ...exampleFeatures.map(featureId),
    ])
  } finally {
    await database.close()
    await rm(dir, { recursive: true, force: true })
  }
})
