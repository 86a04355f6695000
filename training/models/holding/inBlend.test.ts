import { encodeArtifact } from '../../../engine/model/artifact.js'
import { loadModel } from '../../../engine/model/model.js'
import { type Interactions as Recorded } from '../../../features/history/port.js'
import { type InvestorId } from '../../../features/schema/ids.js'
import { randomInvestor, randomProduct, seeded } from '../../../tests/randomMarket.js'
import { catalogueOf } from '../../../tests/randomRelease.js'
import { snapshotsOf } from '../../holdout.js'
import { trainForServing } from '../../serving.js'
import { BlendConfig } from '../config.js'
import { designOf } from './columns.js'
import { holdingExamplesOf } from './examples.js'
import { fitHolding, type HoldingExample } from './fit.js'
import { logitsOf } from './ridgeLogistic.js'

const at = Date.parse('2026-05-08T15:00:00Z')
const dayMs = 86_400_000
const random = seeded(11)
const products = Array.from({ length: 40 }, (_, index) => randomProduct(random, index, at))
const catalogue = catalogueOf(products)
const profiles = Array.from({ length: 100 }, (_, index) => randomInvestor(random, index, at))
const draws = Array.from({ length: 600 }, (_, row) => ({
  ...{ investor: Math.floor(row / 6), product: Math.floor(random() * 40) },
  day: 400 - 60 * (row % 6),
}))
const recorded: Recorded = {
  investorIds: profiles.map(({ id }) => id),
  productIds: products.map(({ id }) => id),
  rows: {
    investor: Int32Array.from(draws, ({ investor }) => investor),
    product: Int32Array.from(draws, ({ product }) => product),
    at: Float64Array.from(draws, ({ day }) => at - day * dayMs),
    knownAt: Float64Array.from(draws, ({ day }) => at - day * dayMs),
    type: Uint8Array.from(draws, () => 1),
  },
}
const leavesEarly = ({ rating }: (typeof products)[number]): boolean => ['R4', 'R5'].includes(rating?.level ?? 'R5')
const holding: HoldingExample[] = draws.flatMap(({ investor, product }) => {
  const [profile, of] = [profiles[investor], products[product]]
  if (profile === undefined || of === undefined) return []
  const days = random() < 0.8 === leavesEarly(of) ? 60 : 300
  return [
    { investor: { profile, knownAt: 0, behaviour: { purchased: [], viewed: [] } }, product: of, at, days, ended: true },
  ]
})
const train = (holdingWeight: number, examples = holding) =>
  trainForServing({
    ...{ catalogue, recorded, seed: 1, asOf: at, holding: examples },
    config: BlendConfig.parse({ kind: 'blend', holdingWeight, windows: { leastLists: 1_000_000 } }),
  }).artifact

test('the weight of holding adds the log odds of being held to what a blend ranks by', () => {
  const [plain, weighed] = [train(0), train(0.5)].map((artifact) => loadModel(encodeArtifact(artifact)))
  const snapshot = { ...snapshotsOf(recorded, at)(recorded.investorIds[3] as InvestorId), profile: profiles[3]! }
  const rows = Int32Array.from(products.keys())
  const [without, withHead] = [plain!.rank!(snapshot, at, rows, products), weighed!.rank!(snapshot, at, rows, products)]
  const fitted = fitHolding(holding)
  if (!fitted.fitted) throw new Error(fitted.because)
  const pairs = products.map((product) => ({ investor: snapshot, product, at }))
  const odds = logitsOf(designOf(pairs, fitted.model.scalings), fitted.model.weights)
  const added = withHead.map((score, row) => (score - without[row]!) / 0.5)
  const offset = odds[0]! - added[0]!
  added.forEach((value, row) => expect(value + offset).toBeCloseTo(odds[row]!, 4))
  expect(Math.max(...odds) - Math.min(...odds)).toBeGreaterThan(0.5)
})

test('where too little is known the blend has no such head, and says why', () => {
  const { metadata } = train(0.5, holding.slice(0, 20))
  expect(metadata['holding']).toMatch(/^none: of 20 purchases/)
  expect(metadata['heads']).not.toContain('holding')
})

test('an example sees the products as they were known before it, and how long that very purchase was held', () => {
  const earlier = { ...catalogue, knownBefore: at - 300 * dayMs }
  const later = { ...catalogueOf(products.slice(0, 1)), knownBefore: at - 120 * dayMs }
  const id = recorded.investorIds[0] as InvestorId
  const held = new Map([
    [
      id,
      draws.slice(0, 6).map(({ product, day }) => ({
        ...{ productId: products[product]!.id, boughtAt: at - day * dayMs, time: day, ended: false },
      })),
    ],
  ])
  const found = holdingExamplesOf({ recorded, profiles: new Map(), pastCatalogues: [earlier, later], held })
  // Bought 280, 220 and 160 days ago: after the first catalogue and before the second, which lacks the products.
  expect(found.map(({ days }) => days)).toEqual([280, 220, 160])
  expect(found.every(({ at: bought, days, ended }) => bought === at - days * dayMs && !ended)).toBe(true)
})
