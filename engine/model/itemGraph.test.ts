import { foldEvents } from '../../features/definitions/behaviour.js'
import { type ProductId } from '../../features/schema/ids.js'
import { modelArtifacts } from '../../tests/modelArtifacts.js'
import { zeroDigest } from '../../tests/randomRelease.js'
import { investorRecord } from '../../tests/sampleRecords.js'
import { assembleRelease, openRelease } from '../release.js'
import { retrieve } from '../retrieval/retrieve.js'
import { fullBits } from '../suitability/bitset.js'
import { type Artifact, encodeArtifact, type Tensor } from './artifact.js'
import { itemGraphScores } from './itemGraph.js'
import { loadModel } from './model.js'

const at = Date.parse('2026-05-08T00:00:00Z')
const graph = {
  offsets: Int32Array.of(0, 2, 3, 3),
  items: Int32Array.of(1, 2, 0),
  weights: Float32Array.of(4, 2, 8),
  low: null,
}

test('by hand: weights of the past are summed', () => {
  expect([...itemGraphScores(graph, [{ row: 0, weight: 1 }])]).toEqual([0, 4, 2])
  const both = [
    { row: 0, weight: 0.5 },
    { row: 1, weight: 1 },
  ]
  expect([...itemGraphScores(graph, both)]).toEqual([8, 2, 1])
  // u = ½·1 + 1·3 = 3.5, times 10, 0 and −1.
  const low = { history: Float32Array.of(1, 3, 9), products: Float32Array.of(10, 0, -1), dimension: 1, bias: null }
  expect([...itemGraphScores({ ...graph, low }, both)]).toEqual([43, 2, -2.5])
})

const artifact = modelArtifacts['item-graph']!
const investor = (purchased: readonly string[]) => ({
  profile: investorRecord('I1', at - 1).value,
  knownAt: at - 1,
  behaviour: foldEvents(
    purchased.map((id) => ({ type: 'purchase', productId: id as ProductId, occurredAt: at - 1000 })),
  ),
})

test('serving ranks the permitted by the graph, whatever order the release lays them in; the unknown by popularity', () => {
  const bytes = encodeArtifact(artifact)
  const { manifest, manifestBytes, levels } = assembleRelease(bytes, (id) => (Number(id.slice(1)) % 3) + 1, {
    runId: null,
    catalogue: zeroDigest,
  })
  const release = openRelease(manifestBytes, (part) => (part === manifest.model ? bytes : levels))
  const scores = loadModel(bytes).scores!(investor(['P4', 'P0']), at)!
  const expected = [0, 1, 2, 3, 4, 5].sort((a, b) => scores[b]! - scores[a]!).map((row) => `P${row}`)
  const mask = fullBits(6)
  const shown = (of: Parameters<typeof retrieve>[1]): unknown => {
    const { by, candidates } = retrieve(release, of, at, mask)
    return [by, Array.from(candidates.rows, (row) => release.vectors.productIds[row])]
  }
  expect(shown(investor(['P4', 'P0']))).toEqual(['exact', expected])
  expect(shown(investor(['other']))).toEqual(['popularity', ['P5', 'P4', 'P3', 'P2', 'P1', 'P0']])
})

test.each<[string, string, Tensor, RegExp]>([
  ['offsets that fall', 'graph.offsets', { shape: [7], data: Int32Array.of(0, 2, 1, 4, 5, 7, 7) }, /does not rise/],
  ['offsets that end early', 'graph.offsets', { shape: [7], data: Int32Array.of(0, 2, 4, 4, 5, 6, 6) }, /from 0 to 7/],
  ['too few offsets', 'graph.offsets', { shape: [6], data: Int32Array.of(0, 2, 4, 4, 5, 7) }, /has shape 6, want 7/],
  ['an item too many', 'graph.items', { shape: [7], data: Int32Array.of(1, 5, 0, 6, 4, 0, 3) }, /not below 6/],
  ['items in floats', 'graph.items', { shape: [7], data: new Float32Array(7) }, /graph.items must be I32/],
  ['a weight missing', 'graph.weights', { shape: [6], data: new Float32Array(6) }, /has shape 6, want 7/],
])('refuses %s', (_case, name, tensor, message) => {
  const broken: Artifact = { ...artifact, tensors: { ...artifact.tensors, [name]: tensor } }
  expect(() => loadModel(encodeArtifact(broken))).toThrow(message)
})
