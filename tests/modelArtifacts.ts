import { type Artifact, type Tensor } from '../engine/model/artifact.js'
import { definitionsOf } from '../engine/model/investorInput.js'
import { featureDigest } from '../features/definitions/featureDigest.js'
import { blendArtifact, nothingRead } from '../training/models/blend.js'
import { seeded } from './randomMarket.js'

const random = seeded(23)
const [n, d, h] = [6, 4, 3]
const floats = (...shape: number[]): Tensor => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => random() - 0.5),
})
const ids = Array.from({ length: n }, (_, row) => `P${row}`)
const metadata = (kind: string, more: Readonly<Record<string, string>> = {}): Artifact['metadata'] => ({
  format: 'aptus-model/1',
  kind,
  productIds: JSON.stringify(ids),
  viewWeight: '0.5',
  ...more,
})
const popularity: Tensor = { shape: [n], data: Float32Array.from({ length: n }, (_, row) => 3 * row) }
const products = floats(n, d)

/** α0 · YᵀY */
const gram: Tensor = {
  shape: [d, d],
  data: Float64Array.from({ length: d * d }, (_, place) => {
    const [i, j] = [Math.floor(place / d), place % d]
    return ids.reduce((sum, _id, row) => sum + 0.1 * products.data[row * d + i]! * products.data[row * d + j]!, 0)
  }),
}
const features = ['horizon', 'age']
const itemFactors: Artifact = {
  metadata: metadata('item-factors'),
  tensors: { popularity, products, history: floats(n, d) },
}

/** A sound artifact of every kind that the engine loads, a line each, small enough that every bit of it is hit. */
export const modelArtifacts: Readonly<Record<string, Artifact>> = {
  popularity: { metadata: metadata('popularity'), tensors: { popularity } },
  content: { metadata: metadata('content'), tensors: { popularity, products, levelCentres: floats(5, d) } },
  'item-factors': itemFactors,
  'item-factors, whole': {
    metadata: metadata('item-factors'),
    tensors: { popularity, history: floats(n, n), bias: floats(n) },
  },
  blend: blendArtifact({
    components: [itemFactors, { metadata: metadata('popularity'), tensors: { popularity } }],
    retrieval: [1, 0],
    ranker: {
      terms: [
        { of: 'score', component: 0, times: null },
        { of: 'rank', component: 0, times: null },
        { of: 'product', column: 'trend', times: 'horizon@1' },
        { of: 'same', group: 'company', times: null },
      ],
      heads: [
        { name: 'purchase', weight: 1, normalised: true },
        { name: 'holding', weight: 0.3, normalised: false },
      ],
      weights: Float64Array.from({ length: 8 }, random),
    },
    columns: { trend: Float32Array.from({ length: n }, random) },
    groups: { company: Int32Array.from({ length: n }, (_, row) => (row % 3) - 1) },
    investor: { ids: ['horizon@1'], means: Float32Array.of(30), scales: Float32Array.of(12) },
    pair: nothingRead,
    viewWeight: 0.5,
  }),
  'item-graph': {
    metadata: metadata('item-graph'),
    tensors: {
      popularity,
      products,
      history: floats(n, d),
      'graph.offsets': { shape: [n + 1], data: Int32Array.of(0, 2, 4, 4, 5, 7, 7) },
      'graph.items': { shape: [7], data: Int32Array.of(1, 5, 0, 2, 4, 0, 3) },
      'graph.weights': floats(7),
    },
  },
  ials: {
    metadata: metadata('ials'),
    tensors: {
      popularity,
      products,
      gram,
      lambdaBySize: { shape: [5], data: Float64Array.of(0.02, 0.03, 0.04, 0.05, 0.06) },
    },
  },
  'two-tower': {
    metadata: metadata('two-tower', {
      investorFeatures: JSON.stringify(features),
      featureDigest: featureDigest(definitionsOf(features)),
      recencyDays: '100',
      mostPurchased: '10',
      mostViewed: '10',
    }),
    tensors: {
      popularity,
      products,
      bag: floats(n, h),
      investorMeans: floats(2),
      investorScales: { shape: [2], data: Float32Array.of(12, 8) },
      'tower.profile': floats(4, 5),
      'tower.history': floats(h, 5),
      'tower.hiddenBias': floats(5),
      'tower.out': floats(5, d),
      'tower.skip': floats(h, d),
      'tower.outBias': floats(d),
    },
  },
}
