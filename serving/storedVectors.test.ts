import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { traitsIn } from '../features/definitions/traits.js'
import { storedVector } from '../features/definitions/vectors.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type InvestorId } from '../features/schema/ids.js'
import { type Product } from '../features/schema/product.js'
import { type InvestorAccount } from '../features/schema/records.js'
import { lmdbStore } from '../features/store/lmdb.js'
import { type InvestorStore } from '../features/store/port.js'
import { eventRecord, investorRecord, product } from '../tests/sampleRecords.js'
import { materialise, readVector, stampOf } from './storedVectors.js'

const at = Date.parse('2026-05-08T10:00:00Z')
const dayMs = 86_400_000
const catalogueOf = (changes: Partial<Product> = {}): Catalogue => {
  const products = [product('p', changes)]
  return {
    revision: 1,
    knownBefore: null,
    digest: `sha256:${'0'.repeat(64)}` as Catalogue['digest'],
    products,
    ordinalOf: new Map(products.map(({ id }, ordinal) => [id, ordinal])),
  }
}
const catalogue = catalogueOf()
const ids = Array.from({ length: 1_100 }, (_, n) => `i${String(n).padStart(4, '0')}` as InvestorId)

let dir: string
let store: InvestorStore
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aptus-vectors-'))
  store = await lmdbStore(dir)
  await store.putProfiles(ids.map((id) => investorRecord(id, at - dayMs)))
  await store.addEvents(
    ids.map((id, n) => eventRecord(`e${n}`, { investorId: id, productId: 'p', at: at - n * 60_000, type: 'view' })),
  )
})
afterEach(async () => {
  await store.close()
  await rm(dir, { recursive: true })
})

const run = (dryRun = false) => materialise(store, catalogue, at, { dryRun })
const keptOf = (id: InvestorId, of = catalogue, instant = at) => store.vector(id, stampOf(of, instant))

test('a dry run counts and writes nothing; a second run goes on where the first was', async () => {
  expect(await run(true)).toEqual({ investors: 1_100, standing: 0, made: 0 })
  expect(await keptOf(ids[0]!)).toBeNull()
  const told: number[] = []
  const cutShort = materialise(store, catalogue, at, {
    dryRun: false,
    told: (done) => {
      told.push(done)
      throw new Error('cut short')
    },
  })
  await expect(cutShort).rejects.toThrow('cut short')
  expect(told).toEqual([500])
  expect(await run(true)).toEqual({ investors: 1_100, standing: 500, made: 0 })
  expect(await run()).toEqual({ investors: 1_100, standing: 500, made: 600 })
  expect(await run()).toEqual({ investors: 1_100, standing: 1_100, made: 0 })
})

test('what is kept is what would be computed; a fact, another day or another trait makes it so again', async () => {
  await run()
  const id = ids[7]!
  const computed = async (of: Catalogue, instant: number) =>
    storedVector((await store.account(id)) as InvestorAccount, instant, traitsIn(of))
  expect(await keptOf(id)).toEqual(await computed(catalogue, at))
  const otherFee = catalogueOf({ fees: { ...catalogue.products[0]!.fees, purchaseBps: 99 } })
  expect(await keptOf(id, otherFee)).not.toBeNull()
  expect(await keptOf(id, catalogue, at + 3_600_000)).not.toBeNull()
  const rating = { ...catalogue.products[0]!.rating!, level: 'R5' as const }
  for (const [of, instant] of [
    [catalogueOf({ rating }), at],
    [catalogueOf({ kind: 'bond' }), at],
    [catalogueOf({ companyId: 'another' as Product['companyId'] }), at],
    [catalogue, at + dayMs],
  ] as const) {
    expect(await keptOf(id, of, instant)).toBeNull()
    expect(await readVector(store, of, id, instant)).toEqual(await computed(of, instant))
  }
  await store.addEvents([eventRecord('later', { investorId: id, productId: 'p', at, type: 'view' })])
  expect(await keptOf(id)).toBeNull()
  expect(await readVector(store, catalogue, id, at)).toEqual(await computed(catalogue, at))
  expect(await readVector(store, catalogue, 'nobody' as InvestorId, at)).toBeNull()
})
