import { encodeArtifact } from '../../engine/model/artifact.js'
import { loadModel } from '../../engine/model/model.js'
import { segmentAt } from '../../engine/model/segments.js'
import { type Interactions as Recorded } from '../../features/history/port.js'
import { noBehaviour } from '../../features/schema/behaviour.js'
import { type InvestorId } from '../../features/schema/ids.js'
import { Investor } from '../../features/schema/investor.js'
import { randomProduct, seeded } from '../../tests/randomMarket.js'
import { catalogueOf } from '../../tests/randomRelease.js'
import { parityOf } from '../registry/parity.js'
import { pairsOf, trainForServing } from '../serving.js'
import { ModelConfig } from './config.js'
import { fitPairs } from './fitPairs.js'

const asOf = Date.parse('2026-05-08T15:00:00Z')
const random = seeded(4)
const catalogue = catalogueOf(Array.from({ length: 6 }, (_, index) => randomProduct(random, index, asOf)))
const investorOf = (id: string, level: string | null, birthDate: string | null) =>
  Investor.parse({
    ...{ id, birthDate, consents: { profiling: true, personalisation: true } },
    riskAssessment: level && { level, assessedAt: '2026-01-01T00:00:00Z', questionnaireVersion: 'q' },
  })
/** Forty of C2, born in 1990, who buy 0 and, half of them, 1; twenty of C4, born in 1960, who buy 2; one of C5. */
const who = [
  ...Array.from({ length: 40 }, (_, at) => ({ level: 'C2', born: '1990-01-01', buys: at % 2 === 0 ? [0] : [0, 1] })),
  ...Array.from({ length: 20 }, () => ({ level: 'C4', born: '1960-01-01', buys: [2] })),
  { level: 'C5', born: null, buys: [3] },
  { level: null, born: null, buys: [0] },
]
const profiles = who.map(({ level, born }, at) => investorOf(`I${100 + at}`, level, born))
const rows = who.flatMap(({ buys }, investor) => buys.map((product) => ({ investor, product })))
const recorded: Recorded = {
  investorIds: profiles.map(({ id }) => id),
  productIds: catalogue.products.map(({ id }) => id),
  rows: {
    investor: Int32Array.from(rows, ({ investor }) => investor),
    product: Int32Array.from(rows, ({ product }) => product),
    at: new Float64Array(rows.length).fill(asOf - 86_400_000),
    knownAt: new Float64Array(rows.length).fill(asOf - 86_400_000),
    type: new Uint8Array(rows.length).fill(1),
  },
}
const byId = new Map<InvestorId, Investor>(profiles.map((profile) => [profile.id, profile]))
const trained = (segments?: object) =>
  trainForServing({
    ...{ catalogue, recorded, seed: 1, asOf, profiles: byId },
    config: ModelConfig.parse({ kind: 'popularity', ...(segments && { segments }) }),
  }).artifact
const snapshot = (level: string | null, birthDate: string | null = null) => ({
  ...{ profile: investorOf('new', level, birthDate), knownAt: asOf - 1, behaviour: noBehaviour },
})
const scores = (artifact: ReturnType<typeof trained>, investor: ReturnType<typeof snapshot>) =>
  loadModel(encodeArtifact(artifact)).scores?.(investor, asOf) ?? null
const order = (found: Float64Array | null) => [...found!.keys()].sort((a, b) => found![b]! - found![a]! || a - b)

test('what a segment bought stands first, and one of whom little is known has the order of all behind it', () => {
  const artifact = trained({ by: 'level', prior: 10 })
  // 41, 20, 20 and 1 of 62 investors bought 0 to 3.
  const share = (bought: number): number => (10 * bought) / 62
  expect([...scores(artifact, snapshot('C4'))!].map((score) => Number(score.toFixed(4)))).toEqual(
    [share(41), share(20), 20 + share(20), share(1), 0, 0].map((score) => Number(score.toFixed(4))),
  )
  expect(order(scores(artifact, snapshot('C2')))).toEqual([0, 1, 2, 3, 4, 5])
  expect(order(scores(artifact, snapshot('C5'))).slice(0, 3)).toEqual([0, 1, 2])
  expect(order(scores(artifact, snapshot('C1')))).toEqual([0, 1, 2, 3, 4, 5])
})

test('by age the same, as of the decision; of whom nothing is known all tell', () => {
  const artifact = trained({ by: 'age', prior: 1 })
  expect(order(scores(artifact, snapshot(null, '1961-05-08')))[0]).toBe(2)
  expect(order(scores(artifact, snapshot(null, '1991-05-08')))[0]).toBe(0)
  expect(scores(artifact, snapshot('C4'))).toBeNull()
  expect(artifact.tensors['popularity']).toEqual(trained().tensors['popularity'])
})

test.each([
  ['1996-05-09', 0],
  ['1996-05-08', 1],
  ['1981-05-09', 1],
  ['1981-05-08', 2],
  ['1966-05-08', 3],
])('who was born on %s is of age band %i', (born, band) =>
  expect(segmentAt('age', snapshot(null, born), asOf)).toBe(band),
)

test('without segments the model is the one of before', () => {
  expect(trained().metadata).not.toHaveProperty('segmentsBy')
  expect(Object.keys(trained().tensors)).toEqual(['popularity'])
})

test('the trainer’s own look at the segments agrees with the engine’s, and a file at fault is refused', async () => {
  const all = [snapshot('C2', '1990-01-01'), snapshot('C4', '1960-01-01'), snapshot(null)]
  for (const by of ['level', 'age']) expect((await parityOf(trained({ by }), all, asOf))?.largest).toBe(0)
  const { metadata, tensors } = trained({ by: 'level' })
  for (const segmentsBy of ['age', 'height'])
    expect(() => loadModel(encodeArtifact({ metadata: { ...metadata, segmentsBy }, tensors }))).toThrow(/segments/)
})

test('a protocol of pairs alone has no segments', async () => {
  const config = ModelConfig.parse({ kind: 'popularity', segments: { by: 'age' } })
  await expect(fitPairs(pairsOf(catalogue, recorded, 0), config, 1)).rejects.toThrow(/segments/)
})
