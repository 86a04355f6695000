import { readFileSync } from 'node:fs'
import { type Floor } from '../../engine/ranking/floor.js'
import { readPack } from '../../engine/suitability/readPack.js'
import { randomInvestor, randomProduct, seeded } from '../../tests/randomMarket.js'
import { catalogueOf, randomModel } from '../../tests/randomRelease.js'
import { releaseInMemory } from '../holdout.js'
import { floorsReport } from './floors.js'
import { judgedOf } from './heldOut.js'
import { marketOf } from './market.js'

const cut = Date.parse('2026-05-08T15:00:00Z')
const random = seeded(9)
const products = Array.from({ length: 120 }, (_, index) => randomProduct(random, index, cut))
const catalogue = catalogueOf(products)
/** Nobody bought the last twenty before the cut; everybody buys the last from then on, which all may see. */
const cold = products.slice(100).map(({ id }) => id)
const judged = Array.from({ length: 200 }, (_, index) =>
  judgedOf(
    { profile: randomInvestor(random, index, cut), knownAt: cut - 1, behaviour: { purchased: [], viewed: [] } },
    [products[119]!.id],
    catalogue,
  ),
)
const buyers = new Map(products.slice(0, 100).map(({ id }) => [id, 1]))
const market = marketOf(catalogue, { buyers, investors: 50, returns: new Map(), held: [] }, 180)
const pack = readPack(readFileSync('packs/eval-open.yaml'), 'eval-open.yaml')
const reportOf = (floors: readonly Floor[]) =>
  floorsReport(
    releaseInMemory(randomModel(products, 8, 1), catalogue, floors),
    floors,
    ...([pack, judged, { catalogue, cut, seed: 1, k: 10 }, { market, seed: 1, resamples: 100 }] as const),
  )

test('the share that was asked for is shown, who buys what is cold is found, and both are held against no floor', () => {
  const floor: Floor = { name: 'new', minShareBps: 1000, of: { products: cold.toReversed() } }
  const { floors, coldBuyers, ndcg } = reportOf([floor])
  expect(floors[0]).toMatchObject({ name: 'new', minShareBps: 1000, reachable: 1 })
  expect(floors[0]!.with).toBeGreaterThanOrEqual(Math.max(0.1, floors[0]!.without))
  expect(coldBuyers).toMatchObject({ investors: 200, with: 200 })
  expect(coldBuyers.without).toBeLessThan(100)
  expect(ndcg.with).toBeGreaterThan(ndcg.without)
  expect(ndcg.change!.value).toBeCloseTo(ndcg.with - ndcg.without, 12)
})

test('a share of less than a place is kept in some slates', () => {
  const small: Floor = { name: 'one', minShareBps: 300, of: { companies: [products[5]!.companyId] } }
  const none = reportOf([{ ...small, minShareBps: 1 }]).floors[0]!
  const some = reportOf([small]).floors[0]!
  expect(some.without).toBe(none.without)
  expect(some.with).toBeGreaterThan(none.with)
  expect(some.with).toBeLessThan(some.without + 0.06)
})
