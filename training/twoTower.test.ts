import { encodeArtifact } from '../engine/model/artifact.js'
import { dot } from '../engine/model/kernel.js'
import { loadModel, type Model } from '../engine/model/model.js'
import { foldEvents } from '../features/definitions/behaviour.js'
import { type Interactions as Recorded } from '../features/history/port.js'
import { type CompanyId, type InvestorId, type ProductId } from '../features/schema/ids.js'
import { Objective } from '../features/schema/levels.js'
import { type InvestorRecord, type InvestorSnapshot } from '../features/schema/records.js'
import { catalogueOf } from '../tests/randomRelease.js'
import { randomInvestor, randomProduct, seeded } from '../tests/randomMarket.js'
import { ndcg } from './metrics/ndcg.js'
import { TwoTowerConfig } from './models/config.js'
import { openTensorFlow } from './tensorflow/backend.js'
import { periodStarts, trainTwoTower, type TwoTowerExamples } from './twoTower.js'

const day = 86_400_000
const asOf = Date.parse('2026-05-08T00:00:00Z')
const tastes = 5
const productCount = 150

type Market = Pick<TwoTowerExamples, 'catalogue' | 'recorded' | 'profiles'> & {
  /** Of each investor: his snapshot as of `asOf`, and what he buys after it. */
  readonly later: readonly { readonly investor: InvestorSnapshot; readonly bought: ProductId }[]
}

/**
 * Products are popular by their number, and are of a taste by their number modulo five, which neither company nor
 * facts tell. With `taste`, seven purchases of ten are of the investor's own; his objective tells it too, four times of five.
 */
function marketOf(seed: number, taste: boolean, investors: number): Market {
  const random = seeded(seed)
  const products = Array.from({ length: productCount }, (_, index) => ({
    ...randomProduct(random, index, asOf),
    companyId: `C${Math.floor(index / 30)}` as CompanyId,
  }))
  const profiles = new Map<InvestorId, readonly InvestorRecord[]>()
  const rows: { investor: number; product: number; at: number; type: number }[] = []
  const later: Market['later'][number][] = []
  for (let investor = 0; investor < investors; investor++) {
    const own = Math.floor(random() * tastes)
    const stated = taste && random() < 0.8 ? own : Math.floor(random() * tastes)
    const profile = { ...randomInvestor(random, investor, asOf), objectives: [Objective.options[stated]!] }
    profiles.set(profile.id, [{ knownAt: asOf - 400 * day, value: profile }])
    const draw = (): number => {
      const popular = Math.floor(productCount * random() ** 2)
      return taste && random() < 0.7 ? Math.min(productCount - tastes, popular - (popular % tastes)) + own : popular
    }
    const distinct = new Set<number>()
    const count = 2 + Math.floor(random() * 9)
    while (distinct.size < count) distinct.add(draw())
    const [last = 0, ...earlier] = distinct
    const instants = earlier.map(() => asOf - Math.floor(1 + random() * 350) * day).sort((a, b) => a - b)
    const past = earlier.map((product, place) => ({ investor, product, at: instants[place] ?? asOf, type: 1 }))
    rows.push(...past)
    const behaviour = foldEvents(
      past.map(({ product, at }) => ({ type: 'purchase', productId: products[product]!.id, occurredAt: at })),
    )
    later.push({ investor: { profile, knownAt: asOf - 400 * day, behaviour }, bought: products[last]!.id })
  }
  const recorded: Recorded = {
    investorIds: [...profiles.keys()],
    productIds: products.map(({ id }) => id),
    rows: {
      investor: Int32Array.from(rows, (row) => row.investor),
      product: Int32Array.from(rows, (row) => row.product),
      at: Float64Array.from(rows, (row) => row.at),
      knownAt: Float64Array.from(rows, (row) => row.at),
      type: Uint8Array.from(rows, (row) => row.type),
    },
  }
  return { catalogue: catalogueOf(products), recorded, profiles, later }
}

const config = TwoTowerConfig.parse({
  kind: 'two-tower',
  dimension: 16,
  embedding: 16,
  hidden: 32,
  epochs: 6,
})

async function modelOf(market: Market, changes: Partial<TwoTowerConfig> = {}, seed = 1): Promise<Model> {
  const backend = await openTensorFlow()
  const options = { ...market, pastCatalogues: [], config: { ...config, ...changes }, seed, asOf, backend }
  return loadModel(encodeArtifact((await trainTwoTower(options)).artifact))
}

/** nDCG@10 of each investor, what he owns left out. */
function gains(model: Model, { later }: Market, scoresOf: (investor: InvestorSnapshot) => ArrayLike<number>): number[] {
  return later.map(({ investor, bought }) => {
    const scores = scoresOf(investor)
    const owned = new Set(investor.behaviour.purchased.map(({ productId }) => productId))
    const shown = [...model.productIds.keys()]
      .sort((a, b) => scores[b]! - scores[a]! || a - b)
      .map((row) => model.productIds[row]!)
      .filter((id) => !owned.has(id))
    return ndcg(shown.slice(0, 10), new Set([bought]), 10)
  })
}

function compared(
  model: Model,
  market: Market,
): { tower: number; popularity: number; difference: number; error: number } {
  const d = model.dimension
  const tower = gains(model, market, (investor) => {
    const query = model.embed(investor, asOf)!
    return model.productIds.map((_, row) => dot(query, 0, model.products, row * d, d))
  })
  const popularity = gains(model, market, () => model.popularity)
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const differences = tower.map((value, at) => value - popularity[at]!)
  const difference = mean(differences)
  const error = Math.sqrt(mean(differences.map((value) => (value - difference) ** 2)) / differences.length)
  return { tower: mean(tower), popularity: mean(popularity), difference, error }
}

test('where there is taste it beats popularity by a fifth and more, and for investors without a past too', async () => {
  const market = marketOf(3, true, 1000)
  const model = await modelOf(market)
  const { tower, popularity } = compared(model, market)

  expect(tower).toBeGreaterThan(1.2 * popularity)
  const fresh = market.later.map(({ investor, bought }) => ({
    investor: { ...investor, behaviour: foldEvents([]) },
    bought,
  }))
  const newcomers = compared(model, { ...market, later: fresh })

  expect(newcomers.tower).toBeGreaterThan(1.2 * newcomers.popularity)
})

test('where there is no taste it beats popularity by nothing', async () => {
  const market = marketOf(4, false, 1000)
  const { difference, error } = compared(await modelOf(market), market)

  expect(difference).toBeLessThan(2 * error)
})

test('the same seed gives the same bytes, another seed does not; nothing is left in memory', async () => {
  const market = marketOf(5, true, 100)
  const backend = await openTensorFlow()
  const before = backend.tf.memory().numTensors
  const bytes = async (seed: number): Promise<string> => {
    const options = { ...market, pastCatalogues: [], config: { ...config, epochs: 2 }, seed, asOf, backend }
    return Buffer.from(encodeArtifact((await trainTwoTower(options)).artifact)).toString('base64')
  }
  const first = await bytes(1)
  expect(await bytes(1)).toBe(first)
  expect(await bytes(2)).not.toBe(first)
  expect(backend.tf.memory().numTensors).toBe(before)
})

test('other work of the process goes on while it trains', async () => {
  const market = marketOf(5, true, 100)
  const backend = await openTensorFlow()
  const steps: number[] = []
  let turns = 0
  const turning = setInterval(() => turns++, 0)
  await trainTwoTower({
    ...market,
    pastCatalogues: [],
    config: { ...config, epochs: 2 },
    seed: 1,
    asOf,
    backend,
    onProgress: (done) => void steps.push(done),
  })
  clearInterval(turning)
  expect(steps.length).toBeGreaterThan(10)
  expect(turns).toBeGreaterThan(steps.length / 2)
})

test('periods begin with the first interaction and are a month long', () => {
  const { recorded } = marketOf(7, true, 20)
  const starts = periodStarts(recorded, asOf)
  expect(starts[0]).toBe(Math.min(...recorded.rows.at))
  expect(starts.at(-1)).toBeLessThanOrEqual(asOf)
  expect(asOf - (starts.at(-1) ?? 0)).toBeLessThan(30 * day)
  expect(periodStarts(marketOf(7, true, 0).recorded, asOf)).toEqual([asOf])
})

test.each([
  ['an empty catalogue', { catalogue: catalogueOf([]) }, 'the catalogue is empty'],
  ['no purchase', { recorded: { ...marketOf(1, true, 0).recorded } }, 'no purchase'],
])('%s is refused, with what to do', async (_case, changes, message) => {
  const backend = await openTensorFlow()
  const options = { ...marketOf(6, true, 5), pastCatalogues: [], config, seed: 1, asOf, backend, ...changes }
  await expect(trainTwoTower(options)).rejects.toThrow(message)
})
