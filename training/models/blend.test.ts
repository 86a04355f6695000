import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { decide } from '../../engine/decide.js'
import { type Artifact, encodeArtifact } from '../../engine/model/artifact.js'
import { featuresRead } from '../../engine/model/featuresRead.js'
import { itemFactorsVector } from '../../engine/model/itemFactors.js'
import { integerScore } from '../../engine/model/kernel.js'
import { loadModel } from '../../engine/model/model.js'
import { candidateFeatures, type CandidateFacts, zScores } from '../../engine/ranking/candidateFeatures.js'
import { rankerScores } from '../../engine/ranking/ranker.js'
import { type Term } from '../../engine/ranking/terms.js'
import { readPack } from '../../engine/suitability/readPack.js'
import { type InvestorSnapshot } from '../../features/schema/records.js'
import { randomInvestor, randomProduct, seeded } from '../../tests/randomMarket.js'
import { catalogueOf, releaseOf } from '../../tests/randomRelease.js'
import { type Blend, blendArtifact } from './blend.js'

const at = Date.parse('2026-05-08T15:00:00Z')
const random = seeded(3)
const catalogue = catalogueOf(
  Array.from({ length: 60 }, (_, index) => randomProduct(random, index, at)).filter(({ rating }) => rating !== null),
)
const { products } = catalogue
const n = products.length
const factors = (dimension: number): Artifact => ({
  metadata: {
    format: 'aptus-model/1',
    kind: 'item-factors',
    productIds: JSON.stringify(products.map(({ id }) => id)),
    viewWeight: '0',
  },
  tensors: {
    history: { shape: [n, dimension], data: Float32Array.from({ length: n * dimension }, () => random() - 0.5) },
    products: { shape: [n, dimension], data: Float32Array.from({ length: n * dimension }, () => random() - 0.5) },
    popularity: { shape: [n], data: Float32Array.from({ length: n }, () => Math.floor(random() * 50)) },
  },
})
const components = [factors(4), factors(3)]
const trend = Float32Array.from({ length: n }, () => random())
const company = Int32Array.from(products, ({ companyId }) => Number(companyId.slice(1)))
const term = (rest: Omit<Extract<Term, { of: 'score' }>, 'times'>): Term => ({ ...rest, times: null })
const terms: Term[] = [
  term({ of: 'score', component: 0 }),
  term({ of: 'score', component: 1 }),
  { of: 'product', column: 'trend', times: null },
  { of: 'product', column: 'trend', times: 'purchase_count@1' },
  { of: 'same', group: 'company', times: null },
  { of: 'pair', feature: 'risk_gap@1', times: null },
]
const heads = [
  { name: 'purchase', weight: 1, normalised: true },
  { name: 'holding', weight: 0.5, normalised: false },
]
const weights = Float64Array.from([1, 0.5, 0.2, -0.3, 2, 0.1, 0, 0, 1, 0, 0, 0])
const blend: Blend = {
  components,
  retrieval: [1, 0.5],
  ranker: { terms, heads, weights },
  columns: { trend },
  groups: { company },
  investor: {
    ids: ['purchase_count@1'],
    means: Float32Array.from([1]),
    scales: Float32Array.from([2]),
  },
  pair: { ids: ['risk_gap@1'], means: Float32Array.from([0]), scales: Float32Array.from([1]) },
  viewWeight: 0,
}
const artifact = blendArtifact(blend)
const bytes = encodeArtifact(artifact)
const bought = [3, 11, 20]
const investor: InvestorSnapshot = {
  profile: {
    ...randomInvestor(seeded(1), 1, at),
    riskAssessment: {
      level: 'C3',
      assessedAt: at - 1000,
      questionnaireVersion: 'q',
      basis: 'questionnaire',
      lacksFullCapacity: false,
      acceptsNoLoss: false,
    },
  },
  knownAt: at - 1000,
  behaviour: {
    purchased: bought.map((row) => ({ productId: products[row]!.id, count: 1, lastAt: at - 5000 })),
    viewed: [],
  },
}
const past = bought.map((row) => ({ row, weight: 1 }))

/** The same by plain loops over the numbers above. */
function byHand(rows: readonly number[]): number[] {
  const scoreOf = (component: Artifact, row: number): number => {
    const [history, own] = [component.tensors['history']!, component.tensors['products']!]
    const d = own.shape[1]!
    const vector = itemFactorsVector({ history: history.data as Float32Array, dimension: d, bias: null }, past)
    return vector.reduce((sum, value, i) => sum + value * own.data[row * d + i]!, 0)
  }
  const z = (values: readonly number[]): number[] => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length
    const sd = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length)
    return values.map((value) => (value - mean) / sd)
  }
  const [first, second] = components.map((component) => z(rows.map((row) => scoreOf(component, row))))
  const purchase = rows.map((row, k) => {
    const same = bought.filter((other) => company[other] === company[row]).length / 3
    const gap = 3 - Number(products[row]!.rating!.level.slice(1))
    return first![k]! + 0.5 * second![k]! + 0.2 * trend[row]! - 0.3 * trend[row]! * ((3 - 1) / 2) + 2 * same + 0.1 * gap
  })
  return z(purchase).map((value, k) => value + 0.5 * trend[rows[k]!]!)
}

test('the ranking stage of a file read back is the stated sum', () => {
  const model = loadModel(bytes)
  const rows = [0, 5, 7, 9, 30, 41]
  const scores = model.rank!(
    investor,
    at,
    Int32Array.from(rows),
    rows.map((row) => products[row]!),
  )
  byHand(rows).forEach((value, k) => expect(scores[k]).toBeCloseTo(value, 4))
})

test('candidates are nominated by the weighted sum of the components, and served in the order of the ranking stage', () => {
  const pack = readPack(readFileSync('packs/eval-open.yaml'), 'eval-open.yaml')
  const thresholds = { exactUpTo: 1000, maxBlockedBps: 1000, k: 20, ef: 20 }
  const release = releaseOf(bytes, catalogue, thresholds)
  const context = { mode: 'evaluation', scene: 'home', size: 20, exclude: [] } as const
  const { decision } = decide(release, catalogue, pack, investor, context, at, 1)
  if (decision.outcome.kind === 'refusal') throw new Error('a slate was expected')
  const rows = decision.outcome.slate.map(({ productId }) => catalogue.ordinalOf.get(productId)!)
  expect(rows).toHaveLength(20)
  expect(decision.nominated).toEqual(rows)
  const expected = byHand(rows)
  decision.outcome.slate.forEach(({ score }, k) => expect(score / integerScore(1)).toBeCloseTo(expected[k]!, 3))
  expect([...expected].sort((a, b) => b - a)).toEqual(expected)
  // Strangers to all components are ranked by popularity, which the ranking stage leaves alone.
  const stranger = { ...investor, behaviour: { purchased: [], viewed: [] } }
  const cold = decide(release, catalogue, pack, stranger, context, at, 1).decision
  expect(cold.retrieval).toBe('popularity')
  // A replay from what was nominated is the same decision.
  expect(decide(release, catalogue, pack, investor, context, at, 1, decision.nominated).decision).toEqual(decision)
})

test('what a model reads is told of a blend too', () =>
  expect(featuresRead(artifact)).toEqual(['purchase_count@1', 'risk_gap@1']))

test.each<[string, Partial<Blend>, RegExp]>([
  ['a column that is not there', { columns: {} }, /does not hold what its term .*trend.* names/],
  ['a group that is not there', { groups: {} }, /does not hold what its term .*company/],
  ['no component with a weight', { retrieval: [0, 0] }, /no component that knows an investor has a weight/],
  ['weights of another shape', { retrieval: [1] }, /retrieval has shape 1, want 2/],
])('%s is refused when the file is read', (_, change, message) =>
  expect(() => loadModel(encodeArtifact(blendArtifact({ ...blend, ...change })))).toThrow(message),
)

test('features defined otherwise, and a blend within a blend, are refused', () => {
  const changed = (metadata: Record<string, string>): Uint8Array =>
    encodeArtifact({ ...artifact, metadata: { ...artifact.metadata, ...metadata } })
  expect(() => loadModel(changed({ featureDigest: `sha256:${'0'.repeat(64)}` }))).toThrow(/defined otherwise/)
  expect(() => loadModel(changed({ components: JSON.stringify([{ kind: 'blend' }, {}]) }))).toThrow(/cannot be a blend/)
})

test('a rank tells places, ties share one; who is unknown to a component is told apart by nothing of it', () => {
  const facts: CandidateFacts = {
    rows: Int32Array.from([0, 1, 2, 3]),
    scores: [Float64Array.from([2, 5, 5, 1]), null],
    columns: new Map(),
    groups: new Map(),
    past: [],
    investor: new Map(),
    pairs: new Map(),
  }
  const features = candidateFeatures(
    [
      { of: 'rank', component: 0, times: null },
      { of: 'score', component: 1, times: null },
    ],
    facts,
  )
  expect([...features]).toEqual([1 / 3, 0, 1, 0, 1, 0, 1 / 4, 0])
})

test('z-scores have mean 0 and variance 1; adding to all or scaling changes no order of a normalised head', () =>
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 40 }),
      fc.integer({ min: -50, max: 50 }),
      (values, shift) => {
        fc.pre(new Set(values).size > 1)
        const z = zScores(Float64Array.from(values))
        expect(z.reduce((a, b) => a + b, 0) / z.length).toBeCloseTo(0, 9)
        expect(z.reduce((a, b) => a + b * b, 0) / z.length).toBeCloseTo(1, 9)
        const facts = (scores: number[]): CandidateFacts => ({
          rows: Int32Array.from(scores.keys()),
          scores: [Float64Array.from(scores)],
          columns: new Map(),
          groups: new Map(),
          past: [],
          investor: new Map(),
          pairs: new Map(),
        })
        const ranker = {
          terms: [term({ of: 'score', component: 0 })],
          heads: [{ name: 'only', weight: 1, normalised: true }],
          weights: Float64Array.from([3]),
        }
        const [one, other] = [values, values.map((value) => 7 * value + shift)].map((v) =>
          rankerScores(ranker, facts(v)),
        )
        one!.forEach((value, k) => expect(other![k]).toBeCloseTo(value, 6))
      },
    ),
  ))
