import { readFileSync } from 'node:fs'
import { encodeArtifact } from '../../engine/model/artifact.js'
import { readPack } from '../../engine/suitability/readPack.js'
import { type Interactions as Recorded } from '../../features/history/port.js'
import { NavFacts } from '../../features/schema/product.js'
import { randomInvestor, randomProduct, seeded } from '../../tests/randomMarket.js'
import { catalogueOf } from '../../tests/randomRelease.js'
import { releaseInMemory, snapshotsOf } from '../holdout.js'
import { ModelConfig } from '../models/config.js'
import { reweighted, withObjectives } from '../objectives/heads.js'
import { noObjectives, type ObjectiveWeights } from '../objectives/weights.js'
import { trainForServing } from '../serving.js'
import { judgedOf } from './heldOut.js'
import { marketOf } from './market.js'
import { objectivePoints, orderedUnder, smallHalf } from './objectives.js'
import { slatesOf } from './slates.js'

const cut = Date.parse('2026-05-08T15:00:00Z')
const dayMs = 86_400_000
const random = seeded(9)
const products = Array.from({ length: 120 }, (_, index) => ({
  ...randomProduct(random, index, cut),
  facts: NavFacts.parse({ navDate: '2026-05-07', return12mBps: Math.round(2000 * random() - 500) }),
}))
const catalogue = catalogueOf(products)
const profiles = Array.from({ length: 50 }, (_, index) => randomInvestor(random, index, cut))
const recorded: Recorded = {
  investorIds: profiles.map(({ id }) => id),
  productIds: products.map(({ id }) => id),
  rows: {
    // The last ten bought nothing: popularity serves them.
    investor: Int32Array.from({ length: 240 }, (_, row) => Math.floor(row / 6)),
    product: Int32Array.from({ length: 240 }, () => Math.floor(random() * 120)),
    at: new Float64Array(240).fill(cut - 100 * dayMs),
    knownAt: new Float64Array(240).fill(cut - 100 * dayMs),
    type: new Uint8Array(240).fill(1),
  },
}
const { artifact: plain } = trainForServing({
  ...{ catalogue, recorded, seed: 1, asOf: cut },
  config: ModelConfig.parse({ kind: 'ials', dimension: 6 }),
})
const snapshots = snapshotsOf(recorded, cut)
const judged = profiles.map((profile) =>
  judgedOf({ ...snapshots(profile.id), profile }, [products[Math.floor(random() * 120)]!.id], catalogue),
)
const circumstances = { catalogue, cut, seed: 1, k: 10 }
const pack = readPack(readFileSync('packs/eval-band.yaml'), 'eval-band.yaml')
const staged = withObjectives(plain, noObjectives, { products, asOf: cut, holding: [] })
const decided = (weights: ObjectiveWeights) =>
  slatesOf(releaseInMemory(encodeArtifact(reweighted(staged, weights)), catalogue), pack, judged, circumstances)
const market = marketOf(
  catalogue,
  { buyers: new Map(products.map(({ id }, at) => [id, at])), investors: 50, returns: new Map(), held: [] },
  180,
)
const points = (weights: ObjectiveWeights, model = plain) =>
  objectivePoints(
    { model: encodeArtifact(model), weights, slates: decided(weights), holding: [] },
    judged,
    circumstances,
    {
      ...{ market, seed: 1, resamples: 100 },
    },
  )

test('what is nominated once and ordered under weights is what the engine decides with these weights', () => {
  const slates = decided(noObjectives)
  expect(slates.filter(({ by }) => by === 'popularity').length).toBeGreaterThan(5)
  const under = orderedUnder(staged, slates, judged, circumstances)
  const unlike = [
    noObjectives,
    { coherence: 0.3, holding: 0, return: 0 },
    { coherence: 1, holding: 0, return: 0.7 },
  ].map((weights) => {
    const shown = under(weights).map((slate) => slate.shown)
    expect(shown).toEqual(decided(weights).map((slate) => slate.shown))
    return JSON.stringify(shown)
  })
  expect(new Set(unlike).size).toBe(3)
})

test('the served weights come first, each other choice once; what weighs coherence most is most coherent', () => {
  const found = points(noObjectives)
  expect(found.map(({ isServed }) => isServed)).toEqual([true, ...Array.from({ length: 8 }, () => false)])
  expect(new Set(found.map(({ weights }) => JSON.stringify(weights))).size).toBe(9)
  expect(found.every(({ weights, change }, at) => weights.holding === 0 && (change === null) === (at === 0))).toBe(true)
  const coherent = (weight: number) =>
    found.find(({ weights }) => weights.coherence === weight && weights.return === 0)?.coherence ?? Number.NaN
  expect(coherent(1)).toBeGreaterThan(coherent(0))
})

test('of a model that weighs some already the same points are told, whichever of them it serves', () => {
  const weights = { coherence: 0.3, holding: 0, return: 1 }
  const [ofPlain, ofServed] = [points(noObjectives), points(weights, reweighted(staged, weights))]
  const told = (all: typeof ofPlain) => all.map(({ isServed: _, change: __, ...rest }) => JSON.stringify(rest)).sort()
  expect(told(ofServed)).toEqual(told(ofPlain))
  expect(ofServed[0]?.weights).toEqual(weights)
})

test('a model that knows no investor is not weighed', () => {
  const popularity = { metadata: { ...plain.metadata, kind: 'popularity' }, tensors: plain.tensors }
  expect(points(noObjectives, popularity)).toEqual([])
})

test('the small half is of the companies that had sold least', () => {
  const sold = (company: number): number =>
    market.company.reduce((sum, of, at) => sum + (of === company ? (market.buyers[at] ?? 0) : 0), 0)
  const small = smallHalf(market)
  const others = market.companies.flatMap((_, at) => (small.includes(at) ? [] : sold(at)))
  expect(small.length).toBe(Math.floor(market.companies.length / 2))
  expect(Math.max(...small.map(sold))).toBeLessThanOrEqual(Math.min(...others))
})
