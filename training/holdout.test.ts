import { readFileSync } from 'node:fs'
import { readPack } from '../engine/suitability/readPack.js'
import { type Interactions as Recorded } from '../features/history/port.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type InvestorId } from '../features/schema/ids.js'
import { type Product } from '../features/schema/product.js'
import { randomProduct, seeded } from '../tests/randomMarket.js'
import { catalogueOf } from '../tests/randomRelease.js'
import { evaluateHoldout } from './holdout.js'
import { trainForServing } from './serving.js'
import { ModelConfig } from './models/config.js'

const dayMs = 86_400_000
const asOf = Date.parse('2026-05-08T15:00:00Z')
const pack = readPack(readFileSync('packs/eval-open.yaml'), 'eval-open.yaml')
const random = seeded(11)
const products: Product[] = Array.from({ length: 80 }, (_, index) => randomProduct(random, index, asOf))

/** 200 investors buy five products each, one every twenty days. */
function recordedOf(productAt: (investor: number, nth: number) => number): Recorded {
  const rows = Array.from({ length: 1000 }, (_, n) => {
    const [investor, nth] = [Math.floor(n / 5), n % 5]
    return { investor, product: productAt(investor, nth), at: asOf - (100 - nth * 20) * dayMs + investor * 1000 }
  })
  return {
    investorIds: Array.from({ length: 200 }, (_, at) => `I${1000 + at}` as InvestorId),
    productIds: products.map(({ id }) => id),
    rows: {
      investor: Int32Array.from(rows, (row) => row.investor),
      product: Int32Array.from(rows, (row) => row.product),
      at: Float64Array.from(rows, (row) => row.at),
      knownAt: Float64Array.from(rows, (row) => row.at),
      type: new Uint8Array(rows.length).fill(1),
    },
  }
}
const varied = recordedOf((investor, nth) => (investor * 13 + nth * 29) % 80)
const holdoutOf = (
  recorded: Recorded,
  catalogueAsOf: (at: number) => Catalogue,
  config: unknown = { kind: 'content' },
) =>
  evaluateHoldout({
    fit: (config, known) => Promise.resolve(trainForServing({ ...known, config, seed: 1 }).artifact),
    catalogueAsOf: (at) => Promise.resolve(catalogueAsOf(at)),
    recorded,
    config: ModelConfig.parse(config),
    seed: 1,
    pack,
  })

test('figures over investors who bought something new, finite, unrated products in the catalogue or not', async () => {
  const unrated = products.map((product, at) => (at % 7 === 0 ? { ...product, rating: null } : product))
  for (const market of [products, unrated]) {
    const metrics = await holdoutOf(varied, () => catalogueOf(market))
    expect(metrics['holdout investors']).toBe(100)
    for (const value of Object.values(metrics)) expect(Number.isFinite(value)).toBe(true)
  }
})

test('the catalogue is the one that was known at the cut: nothing later is looked at', async () => {
  const asked: number[] = []
  await holdoutOf(varied, (at) => {
    asked.push(at)
    return catalogueOf(products)
  })
  const instants = [...varied.rows.at].sort((a, b) => a - b)
  expect(asked).toEqual([instants[900]])
  // A product that was not known yet is nothing that a slate could have held.
  const half = await holdoutOf(varied, () => catalogueOf(products.slice(0, 40)))
  expect(half['holdout investors']).toBeLessThan(100)
})

test.each([
  ['nobody buys anything new', recordedOf((investor) => investor % 80), products],
  ['no product was known at the cut', varied, []],
  ['there are few purchases', { ...varied, rows: cut(varied.rows, 400) }, products],
])('no figures where %s', async (_, recorded, market) => {
  expect(await holdoutOf(recorded, () => catalogueOf(market))).toEqual({})
})

function cut(rows: Recorded['rows'], n: number): Recorded['rows'] {
  const { investor, product, at, knownAt, type } = rows
  return {
    investor: investor.slice(0, n),
    product: product.slice(0, n),
    at: at.slice(0, n),
    knownAt: knownAt.slice(0, n),
    type: type.slice(0, n),
  }
}
