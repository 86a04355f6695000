import { foldEvents } from '../../features/definitions/behaviour.js'
import { type ProductId } from '../../features/schema/ids.js'
import { type InvestorSnapshot } from '../../features/schema/records.js'
import { investorRecord } from '../../tests/sampleRecords.js'
import { type Artifact, encodeArtifact } from './artifact.js'
import { historyBag, standardisedInput } from './investorInput.js'
import { loadModel } from './model.js'

const at = Date.parse('2026-05-08T00:00:00Z')
const day = 86_400_000
const floats = (shape: number[], ...values: number[]) => ({ shape, data: Float32Array.from(values) })

/** One feature (horizon, mean 36, scale 12), embeddings and vectors of two numbers, one hidden unit. */
const artifact: Artifact = {
  metadata: {
    format: 'aptus-model/1',
    kind: 'two-tower',
    productIds: '["A","B"]',
    investorFeatures: '["horizon"]',
    viewWeight: '0.5',
    recencyDays: '100',
    mostPurchased: '10',
    mostViewed: '10',
  },
  tensors: {
    products: floats([2, 2], 1, 0, 0, 1),
    popularity: floats([2], 5, 1),
    bag: floats([2, 2], 1, 0, 0, 1),
    investorMeans: floats([1], 36),
    investorScales: floats([1], 12),
    'tower.profile': floats([2, 1], 2, -1),
    'tower.history': floats([2, 1], 0, 0),
    'tower.hiddenBias': floats([1], 0.5),
    'tower.out': floats([1, 2], 1, 0),
    'tower.skip': floats([2, 2], 0, 0, 0, 1),
    'tower.outBias': floats([2], 0, 1),
  },
}
const investor = (horizonMonths: number | null, purchased: readonly string[] = []): InvestorSnapshot => ({
  profile: investorRecord('I1', at - day, horizonMonths).value,
  knownAt: at - day,
  behaviour: foldEvents(
    purchased.map((id) => ({ type: 'purchase', productId: id as ProductId, occurredAt: at - 100 * day })),
  ),
})
const embed = (of: InvestorSnapshot): unknown => [...(loadModel(encodeArtifact(artifact)).embed(of, at) ?? [])]
const unit = (x: number, y: number): unknown => [x, y].map((v): unknown => expect.closeTo(v / Math.hypot(x, y), 6))

test.each([
  ['a known horizon: relu(2 · 1 + .5)', investor(48), unit(2.5, 1)],
  ['below the mean: relu is 0', investor(24), unit(0, 1)],
  ['missing: relu(−1 + .5)', investor(null), unit(0, 1)],
  ['cut at four deviations', investor(36 + 12 * 9), unit(8.5, 1)],
  ['a past of A and B: the bag is their mean', investor(36, ['A', 'B']), unit(0.5, 1.5)],
  ['products that the model does not know say nothing', investor(36, ['Z']), unit(0.5, 1)],
])('by hand: %s', (_case, of, expected) => expect(embed(of)).toEqual(expected))

test('a bag: purchases before views, the newest only, older ones lighter', () => {
  const touched = (id: string, days: number) => ({ productId: id as ProductId, count: 1, lastAt: at - days * day })
  const rowOf = new Map(['A', 'B', 'C', 'D'].map((id, row) => [id as ProductId, row]))
  const behaviour = {
    purchased: [touched('C', 0), touched('A', 100), touched('D', 300)],
    viewed: [touched('C', 0), touched('B', 200)],
  }
  const bag = historyBag(behaviour, at, rowOf, { viewWeight: 0.6, recencyDays: 100, mostPurchased: 2, mostViewed: 9 })
  expect(bag.map(({ row }) => row)).toEqual([0, 1, 2])
  expect(bag.map(({ weight }) => weight)).toEqual([0.5, 0.6 / 3, 1].map((w): unknown => expect.closeTo(w, 12)))
})

test('a column that never varied says nothing, whether known or missing', () => {
  expect([...standardisedInput([7, Number.NaN], [0, 0], [0, 0])]).toEqual([0, 0, 0, 0])
})

test.each([
  ['an unknown feature', { metadata: { ...artifact.metadata, investorFeatures: '["mood"]' } }, 'feature mood'],
  [
    'features defined otherwise',
    { metadata: { ...artifact.metadata, featureDigest: `sha256:${'0'.repeat(64)}` } },
    'defined otherwise here',
  ],
  ['no list', { metadata: { ...artifact.metadata, investorFeatures: '{' } }, 'investorFeatures'],
  ['no recency', { metadata: { ...artifact.metadata, recencyDays: '0' } }, 'recencyDays'],
  ['a wrong shape', { tensors: { ...artifact.tensors, 'tower.out': floats([2, 1], 1, 0) } }, 'tower.out has shape 2×1'],
  ['not finite', { tensors: { ...artifact.tensors, bag: floats([2, 2], 1, 0, 0, Number.NaN) } }, 'bag holds NaN'],
])('%s is refused', (_case, changes, message) => {
  expect(() => loadModel(encodeArtifact({ ...artifact, ...changes }))).toThrow(message)
})
