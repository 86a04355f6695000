import { type Artifact } from '../../engine/model/artifact.js'
import { type InvestorId, type ProductId } from '../../features/schema/ids.js'
import { modelArtifacts } from '../../tests/modelArtifacts.js'
import { bareInvestorRecord, investorRecord } from '../../tests/sampleRecords.js'
import { mostParity } from './gates.js'
import { apart, parityOf } from './parity.js'
import { probesOf } from './probes.js'
import { trainersRanking } from './trainersRanking.js'
import { trainersScores } from './trainersScores.js'

const at = Date.parse('2026-05-08T00:00:00Z')
const day = 86_400_000
const recorded = {
  investorIds: ['a', 'b', 'c'] as InvestorId[],
  productIds: ['P1', 'P4', 'unknown'] as ProductId[],
  rows: {
    investor: Int32Array.of(0, 0, 1, 2),
    product: Int32Array.of(0, 1, 1, 2),
    at: Float64Array.of(at - 9 * day, at - 2 * day, at - day, at - day),
    knownAt: Float64Array.of(at, at, at, at),
    type: Uint8Array.of(1, 0, 1, 1),
  },
}
const investors = probesOf(recorded, (id) => investorRecord(id, at - day).value, at)

test('probes are spread over the investors, each with what he did', () => {
  expect(investors.map(({ profile }) => profile.id)).toEqual(['a', 'b', 'c'])
  expect(probesOf(recorded, (id) => bareInvestorRecord(id, at).value, at, 1).map(({ profile }) => profile.id)).toEqual([
    'a',
  ])
  expect(investors[0]?.behaviour.purchased.map(({ productId }) => productId)).toEqual(['P1'])
  expect(investors[0]?.behaviour.viewed.map(({ productId }) => productId)).toEqual(['P4'])
})

test.each(Object.entries(modelArtifacts))(
  '%s: the engine scores the exported model as its trainer does',
  async (_, of) => {
    const parity = await parityOf(of, investors, at)
    // Of a blend the nominating scores, and those of its ranking stage.
    expect(parity?.scores).toBe(of.metadata['kind'] === 'blend' ? 2 * 3 * 6 : 3 * 6)
    expect(parity?.largest).toBeLessThan(1e-5)
    const scores = await trainersScores(of, investors, at)
    expect(scores?.some((each) => each.some((score) => score !== 0))).toBe(true)
  },
)

test('a ranking stage that is another is seen; one that reads features of pairs is not told', () => {
  const of = modelArtifacts['blend']!
  const [investor, rows] = [investors[0]!, [0, 1, 2, 3, 4, 5]]
  const scores = [Float64Array.of(6, 5, 4, 3, 2, 1), null]
  const ranking = (artifact: Artifact) => trainersRanking(artifact, investor, at, { rows, scores })
  const weights = of.tensors['ranker.weights']!
  const other = {
    ...weights,
    data: Float64Array.from(weights.data, (weight, place) => weight + (place === 2 ? 0.01 : 0)),
  }
  const changed = ranking({ ...of, tensors: { ...of.tensors, 'ranker.weights': other } })
  expect(apart(ranking(of)!, changed!)).toBeGreaterThan(mostParity)
  const terms = JSON.stringify([{ of: 'pair', feature: 'risk_gap@1', times: null }])
  expect(ranking({ ...of, metadata: { ...of.metadata, terms } })).toBeNull()
})

test('nothing to compare is no parity', async () => {
  expect(await parityOf(modelArtifacts['ials']!, [], at)).toBeNull()
  const unknown = { ...modelArtifacts['ials']!, metadata: { kind: 'another' } }
  expect(await parityOf(unknown, investors, at)).toBeNull()
})

test.each([
  [[1, 2], [1, 2], 0],
  [[1, -2], [1.5, -2], 0.25],
  [[1, 2], [Number.NaN, 2], Number.MAX_VALUE],
  [[1], [1, 2], Number.MAX_VALUE],
])('%j and %j lie %d apart', (expected, actual, share) => {
  expect(apart(Float64Array.from(expected), Float64Array.from(actual))).toBe(share)
})
