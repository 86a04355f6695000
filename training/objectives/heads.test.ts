import { encodeArtifact } from '../../engine/model/artifact.js'
import { loadModel } from '../../engine/model/model.js'
import { type Interactions as Recorded } from '../../features/history/port.js'
import { type InvestorId } from '../../features/schema/ids.js'
import { levelNumber } from '../../features/schema/levels.js'
import { NavFacts } from '../../features/schema/product.js'
import { randomInvestor, randomProduct, seeded } from '../../tests/randomMarket.js'
import { catalogueOf } from '../../tests/randomRelease.js'
import { snapshotsOf } from '../holdout.js'
import { ModelConfig } from '../models/config.js'
import { type HoldingExample } from '../models/holding/fit.js'
import { fitPairs } from '../models/fitPairs.js'
import { pairsOf, trainForServing } from '../serving.js'
import { hasObjectives, reweighted, withObjectives } from './heads.js'
import { noObjectives } from './weights.js'

const at = Date.parse('2026-05-08T15:00:00Z')
const dayMs = 86_400_000
const random = seeded(5)
const facts = (return12mBps: number | null): NavFacts => NavFacts.parse({ navDate: '2026-05-07', return12mBps })
const products = Array.from({ length: 40 }, (_, index) => ({
  ...randomProduct(random, index, at),
  facts: facts(index % 8 === 0 ? null : Math.round(2000 * random() - 500)),
}))
const catalogue = catalogueOf(products)
const profiles = Array.from({ length: 60 }, (_, index) => randomInvestor(random, index, at))
const recorded: Recorded = {
  investorIds: profiles.map(({ id }) => id),
  productIds: products.map(({ id }) => id),
  rows: {
    investor: Int32Array.from({ length: 360 }, (_, row) => Math.floor(row / 6)),
    product: Int32Array.from({ length: 360 }, () => Math.floor(random() * 40)),
    at: Float64Array.from({ length: 360 }, (_, row) => at - (400 - row) * dayMs),
    knownAt: Float64Array.from({ length: 360 }, (_, row) => at - (400 - row) * dayMs),
    type: new Uint8Array(360).fill(1),
  },
}
const holding: HoldingExample[] = Array.from({ length: 400 }, (_, row) => ({
  investor: { profile: profiles[row % 60]!, knownAt: 0, behaviour: { purchased: [], viewed: [] } },
  product: products[row % 40]!,
  at: at - 300 * dayMs,
  days: random() < 0.5 ? 60 : 300,
  ended: true,
}))
const trained = (config: object, examples = holding) =>
  trainForServing({
    ...{ catalogue, recorded, seed: 1, asOf: at, holding: examples },
    config: ModelConfig.parse(config),
  }).artifact
const snapshotOf = (place: number) => ({
  ...snapshotsOf(recorded, at)(recorded.investorIds[place] as InvestorId),
  profile: profiles[place]!,
})
const rows = Int32Array.from(products.keys())
const ranked = (artifact: ReturnType<typeof trained>, place: number): Float64Array =>
  loadModel(encodeArtifact(artifact)).rank!(snapshotOf(place), at, rows, products)

const kinds = [
  { kind: 'ials', dimension: 4, iterations: 2 },
  { kind: 'content', dimension: 4 },
  { kind: 'ease' },
  { kind: 'item-knn' },
  { kind: 'blend', windows: { leastLists: 1_000_000 } },
] as const

test.each(kinds)('a model that weighs nothing is the model without a word of objectives: $kind', (config) => {
  const [weighing, plain] = [trained({ ...config, objectives: noObjectives }), trained(config)]
  // A blend keeps its config in the file.
  const metadata = { ...weighing.metadata, config: plain.metadata['config'] ?? '' }
  expect(weighing.tensors).toEqual(plain.tensors)
  expect(metadata).toEqual({ config: '', ...plain.metadata })
  expect(hasObjectives(trained(config))).toBe(false)
})

test.each(kinds)(
  'coherence takes the squared distance of levels from the score of each, within one constant: $kind',
  (config) => {
    for (const examples of [holding, []]) {
      const artifact = trained({ ...config, objectives: { coherence: 0.5 } }, examples)
      for (const place of [0, 7, 31]) {
        const [without, with_] = [ranked(reweighted(artifact, noObjectives), place), ranked(artifact, place)]
        const tolerance = levelNumber(profiles[place]!.riskAssessment!.level)
        const rest = products.flatMap(({ rating }, row) =>
          rating === null ? [] : (with_[row]! - without[row]!) / 0.5 + (tolerance - levelNumber(rating.level)) ** 2,
        )
        for (const one of rest) expect(one).toBeCloseTo(rest[0]!, 4)
      }
    }
  },
)

test('a model of its own keeps its order where nothing is weighed, and nominates the same', () => {
  const plain = loadModel(encodeArtifact(trained(kinds[0])))
  const staged = loadModel(
    encodeArtifact(reweighted(trained({ ...kinds[0], objectives: { return: 1 } }), noObjectives)),
  )
  const byScore = (scores: Float64Array): number[] => Array.from(rows).sort((a, b) => scores[b]! - scores[a]!)
  const query = plain.embed(snapshotOf(3), at)!
  expect(staged.embed(snapshotOf(3), at)).toEqual(query)
  expect(staged.products).toEqual(plain.products)
  const scores = Float64Array.from(rows, (row) =>
    query.reduce((sum, value, column) => sum + value * plain.products[row * query.length + column]!, 0),
  )
  expect(byScore(staged.rank!(snapshotOf(3), at, rows, products))).toEqual(byScore(scores))
})

test('on what a model was fitted stays said in the one that weighs objectives', () => {
  const { metadata, tensors } = trained(kinds[0])
  const of = { metadata: { ...metadata, backend: 'wasm' }, tensors }
  expect(withObjectives(of, noObjectives, { products, asOf: at, holding }).metadata['backend']).toBe('wasm')
  expect(
    withObjectives({ metadata, tensors }, noObjectives, { products, asOf: at, holding }).metadata,
  ).not.toHaveProperty('backend')
})

test('a greater past return stands higher the more return weighs, and an unknown one in the middle', () => {
  const artifact = trained({ ...kinds[0], objectives: { return: 2 } })
  const [without, with_] = [ranked(reweighted(artifact, noObjectives), 3), ranked(artifact, 3)]
  const added = products.map((product, row) => ({
    past: product.facts?.return12mBps ?? null,
    gain: with_[row]! - without[row]!,
  }))
  const known = added
    .flatMap(({ past, gain }) => (past === null ? [] : [{ past, gain }]))
    .sort((a, b) => a.past - b.past)
  known.slice(1).forEach(({ gain }, place) => expect(gain).toBeGreaterThanOrEqual(known[place]!.gain - 1e-9))
  expect(known.at(-1)!.gain).toBeGreaterThan(known[0]!.gain)
  for (const { past, gain } of added) if (past === null) expect(gain).toBeCloseTo(0, 9)
})

test('holding is left out where too little is known of it, and the file says why', () => {
  const { metadata } = trained({ ...kinds[0], objectives: { holding: 1 } }, holding.slice(0, 20))
  expect(metadata['holding']).toMatch(/^none: of 20 purchases/)
  expect(metadata['heads']).not.toContain('holding')
})

test.each([
  [{ kind: 'popularity', objectives: { return: 1 } }, /objectives/],
  [{ kind: 'ials', objectives: { return: 11 } }, /10/],
  [{ kind: 'blend', holdingWeight: 1, objectives: { holding: 1 } }, /want one of them/],
  [{ kind: 'blend', components: [{ model: { kind: 'ease', objectives: {} } }] }, /beside the components/],
])('what cannot be meant is refused: %j', (config, message) => {
  expect(() => ModelConfig.parse(config)).toThrow(message)
})

test('a protocol of pairs alone refuses to weigh what it knows nothing of', async () => {
  const pairs = pairsOf(catalogue, recorded, 0)
  const config = ModelConfig.parse({ kind: 'ials', objectives: { return: 1 } })
  await expect(fitPairs(pairs, config, 1)).rejects.toThrow(/objectives/)
})
