import { encodeArtifact } from '../../engine/model/artifact.js'
import { type Interactions as Recorded, interactionTypes } from '../../features/history/port.js'
import { type InvestorId } from '../../features/schema/ids.js'
import { randomProduct, seeded } from '../../tests/randomMarket.js'
import { catalogueOf } from '../../tests/randomRelease.js'
import { ModelConfig } from '../models/config.js'
import { trainForServing } from '../serving.js'
import { coldOrder } from './coldOrder.js'
import { Exposure, floorsOf } from './floors.js'

const dayMs = 86_400_000
const asOf = Date.parse('2026-05-08T15:00:00Z')
const random = seeded(3)
const products = Array.from({ length: 60 }, (_, index) => ({
  ...randomProduct(random, index, asOf),
  inceptionDate: index === 55 ? '2026-05-01' : '2010-01-01',
}))
const catalogue = catalogueOf(products)
/** Products 0 to 49 were bought, the higher the more often; 52 was viewed of late, 51 more often and long ago. */
const rows = [
  ...products
    .slice(0, 50)
    .flatMap((_, product) =>
      Array.from({ length: 1 + product }, (_, investor) => ({ investor, product, age: 10, type: 'purchase' as const })),
    ),
  ...[0, 1, 2, 3, 4].map((investor) => ({ investor, product: 51, age: 300, type: 'view' as const })),
  ...[0, 1].map((investor) => ({ investor, product: 52, age: 1, type: 'view' as const })),
]
const recorded: Recorded = {
  investorIds: Array.from({ length: 50 }, (_, at) => `I${at}` as InvestorId),
  productIds: products.map(({ id }) => id),
  rows: {
    investor: Int32Array.from(rows, ({ investor }) => investor),
    product: Int32Array.from(rows, ({ product }) => product),
    at: Float64Array.from(rows, ({ age }) => asOf - age * dayMs),
    knownAt: Float64Array.from(rows, ({ age }) => asOf - age * dayMs),
    type: Uint8Array.from(rows, ({ type }) => interactionTypes.indexOf(type)),
  },
}
const facts = { recorded, asOf, catalogue }
const floors = (of: unknown) => floorsOf(Exposure.parse({ floors: [{ name: 'one', minShareBps: 500, of }] }), facts)

test('the smallest are the companies that had sold least, by their ids; others are as they are named', () => {
  const sold = (company: string): number =>
    rows.filter(({ product, type }) => type === 'purchase' && products[product]?.companyId === company).length
  const all = [...new Set(products.map(({ companyId }) => companyId))].sort((a, b) => sold(a) - sold(b))
  expect(floors({ smallest: 0.25 })).toEqual([
    { name: 'one', minShareBps: 500, of: { companies: all.slice(0, 3).sort() } },
  ])
  expect(floors({ smallest: 0.001 })[0]?.of).toEqual({ companies: all.slice(0, 1) })
  expect(floors({ companies: ['C3'] })).toEqual([{ name: 'one', minShareBps: 500, of: { companies: ['C3'] } }])
  expect(floorsOf(Exposure.parse({}), facts)).toEqual([])
})

test('cold are those that nobody bought, what is new and what was looked at of late before the others, which go by id', () => {
  const rest = [50, 53, 54, 56, 57, 58, 59]
  expect(coldOrder(facts)).toEqual([55, 52, 51, ...rest].map((place) => products[place]?.id))
  expect(floors('cold')).toEqual([{ name: 'one', minShareBps: 500, of: { products: coldOrder(facts) } }])
})

test.each([
  { kind: 'spectral', dimension: 4, neighbours: 4 },
  { kind: 'blend', windows: { leastLists: 1_000_000 } },
  { kind: 'item-knn' },
])('the model is the same, floors or none: %j', (config) => {
  const exposure = { floors: [{ name: 'new', minShareBps: 1000, of: 'cold' }] }
  const [plain, kept] = [config, { ...config, exposure }].map((one) =>
    encodeArtifact(trainForServing({ ...facts, seed: 1, config: ModelConfig.parse(one) }).artifact),
  )
  expect(kept).toEqual(plain)
})

test('where nothing is cold there is no such floor', () => {
  const bought = { ...facts, catalogue: catalogueOf(products.slice(0, 50)) }
  const asked = Exposure.parse({ floors: [{ name: 'one', minShareBps: 500, of: 'cold' }] })
  expect(floorsOf(asked, bought)).toEqual([])
})

test('every kind of config may ask for floors, and for no more than all places', () => {
  const half = { name: 'half', minShareBps: 5000, of: 'cold' }
  for (const kind of ['popularity', 'ials', 'content', 'ease', 'item-knn', 'spectral', 'two-tower', 'blend', 'auto'])
    expect(
      ModelConfig.parse({ kind, exposure: { floors: [half, { ...half, name: 'other' }] } }).exposure?.floors,
    ).toHaveLength(2)
  const third = { ...half, minShareBps: 1 }
  expect(() => ModelConfig.parse({ kind: 'ials', exposure: { floors: [half, half, third] } })).toThrow(/10000/)
})
