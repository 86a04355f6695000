import { featureId } from '../features/definitions/feature.js'
import { comparedFeatures } from '../features/quality/reference.js'
import { type Interactions } from '../features/history/port.js'
import { type InvestorId } from '../features/schema/ids.js'
import { type InvestorRecord } from '../features/schema/records.js'
import { randomProduct, seeded } from '../tests/randomMarket.js'
import { catalogueOf } from '../tests/randomRelease.js'
import { investorRecord } from '../tests/sampleRecords.js'
import { referenceOfTraining } from './reference.js'

const at = Date.parse('2026-05-08T15:00:00Z')
const dayMs = 86_400_000
const catalogue = catalogueOf(Array.from({ length: 40 }, (_, index) => randomProduct(seeded(index), index, at)))

/** Every investor views one product and buys two others, two days apart. */
function recordedOf(investors: number): Interactions {
  const n = 3 * investors
  return {
    investorIds: Array.from({ length: investors }, (_, index) => `I${String(index).padStart(6, '0')}` as InvestorId),
    productIds: catalogue.products.slice(0, 3).map(({ id }) => id),
    rows: {
      investor: Int32Array.from({ length: n }, (_, row) => Math.floor(row / 3)),
      product: Int32Array.from({ length: n }, (_, row) => row % 3),
      at: Float64Array.from({ length: n }, (_, row) => at - (10 - 2 * (row % 3)) * dayMs),
      knownAt: Float64Array.from({ length: n }, (_, row) => at - (10 - 2 * (row % 3)) * dayMs),
      type: Uint8Array.from({ length: n }, (_, row) => Number(row % 3 > 0)),
    },
  }
}

async function* told(batches: readonly (readonly InvestorRecord[])[]) {
  for (const batch of batches) yield await Promise.resolve(batch)
}

const referenceOf = (investors: number, seed = 1) => {
  const recorded = recordedOf(investors)
  // The second profile becomes known between his two purchases.
  const profiles = recorded.investorIds.map((id) => [
    investorRecord(id, at - 20 * dayMs, 12),
    investorRecord(id, at - 7 * dayMs, 60),
  ])
  return referenceOfTraining({ catalogue, recorded, profiles: told(profiles), asOf: at, seed })
}
const column = (reference: Awaited<ReturnType<typeof referenceOf>>, name: string) =>
  reference.investor.find(({ id }) => id === `${name}@1`)!
const rowsOf = ({ bins, missing }: { bins: readonly number[]; missing: number }): number =>
  bins.reduce((sum, count) => sum + count, missing)

test('investors are described as they were known at each purchase, products as of the fit', async () => {
  const reference = await referenceOf(100)
  expect(column(reference, 'horizon')).toMatchObject({ edges: [12, 60], bins: [0, 100, 100, 0], missing: 0 })
  expect(column(reference, 'purchase_count')).toMatchObject({ edges: [0, 1], bins: [0, 100, 100, 0] })
  expect(column(reference, 'view_count')).toMatchObject({ edges: [1] })
  expect(column(reference, 'days_since_purchase')).toMatchObject({ edges: [2], missing: 100 })
  expect(reference.product.map(({ id }) => id)).toEqual(comparedFeatures.product.map(featureId))
  for (const each of reference.product) expect(rowsOf(each)).toBe(40)
})

test('no more than about 20,000 rows are sampled, and the same seed samples the same', async () => {
  const reference = await referenceOf(25_000)
  const rows = rowsOf(column(reference, 'age'))
  expect(rows).toBeGreaterThan(19_000)
  expect(rows).toBeLessThan(21_000)
  expect(await referenceOf(25_000)).toEqual(reference)
  expect(rowsOf(column(await referenceOf(25_000, 2), 'age'))).not.toBe(rows)
})

test('without a purchase there are no rows of investors, and products all the same', async () => {
  const reference = await referenceOf(0)
  expect(column(reference, 'age')).toMatchObject({ edges: [], bins: [0], missing: 0 })
  expect(rowsOf(reference.product[0]!)).toBe(40)
})
