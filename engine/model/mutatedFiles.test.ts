import { foldEvents } from '../../features/definitions/behaviour.js'
import { type ProductId } from '../../features/schema/ids.js'
import { type InvestorSnapshot } from '../../features/schema/records.js'
import { counted } from '../../tests/full.js'
import { modelArtifacts } from '../../tests/modelArtifacts.js'
import { mutatedFile } from '../../tests/mutatedFile.js'
import { zeroDigest } from '../../tests/randomRelease.js'
import { bareInvestorRecord, investorRecord, product } from '../../tests/sampleRecords.js'
import { assembleRelease, openRelease } from '../release.js'
import { encodeArtifact } from './artifact.js'
import { dot, integerScore } from './kernel.js'
import { loadModel, type Model, modelKinds } from './model.js'

const at = Date.parse('2026-05-08T00:00:00Z')
const day = 86_400_000
const did = (type: 'purchase' | 'view', id: string, days: number) => ({
  type,
  productId: id as ProductId,
  occurredAt: at - days * day,
})
const past = foldEvents([did('purchase', 'P1', 9), did('purchase', 'P4', 90), did('view', 'P2', 1)])
const investors: readonly InvestorSnapshot[] = [
  { profile: investorRecord('I1', at - day).value, knownAt: at - day, behaviour: past },
  { profile: bareInvestorRecord('I2', at - day).value, knownAt: at - day, behaviour: foldEvents([]) },
]

const anyProduct = () => product('P0')

/** Every score of a model; by popularity where it knows nothing of the investor, as serving does. */
const scores = ({ products, dimension: d, popularity, productIds, embed, rank, scores: whole }: Model): number[] =>
  investors.flatMap((investor) => {
    const given = whole?.(investor, at) ?? null
    if (given !== null) return Array.from(given, integerScore)
    const vector = embed(investor, at)
    if (vector !== null && vector.length !== d) throw new RangeError(`a vector of ${vector.length}, want ${d}`)
    const rows = Int32Array.from(productIds.keys())
    if (vector !== null && rank !== null)
      return Array.from(rank(investor, at, rows, Array.from(rows, anyProduct)), integerScore)
    return productIds.map((_, row) =>
      integerScore(vector === null ? popularity[row]! : dot(vector, 0, products, row * d, d)),
    )
  })

test('there is an artifact of every kind', () => {
  const kinds = new Set(Object.values(modelArtifacts).map(({ metadata }) => metadata['kind']))
  expect([...kinds].sort()).toEqual([...modelKinds].sort())
})

describe.each(Object.entries(modelArtifacts))('%s', (_kind, artifact) => {
  const whole = encodeArtifact(artifact)
  const seeds = Array.from({ length: counted(10_000) }, (_, seed) => seed)
  const sound = scores(loadModel(whole))

  test('no mutated file crashes: it is refused as a model file, or is a consistent model of finite scores', () => {
    let refused = 0
    for (const seed of seeds) {
      const bytes = mutatedFile(whole, seed)
      let model: Model
      try {
        model = loadModel(bytes)
      } catch (error) {
        const said = (error as Error).message
        if (!said.startsWith('model file: ')) throw new Error(`seed ${seed}: ${said}`, { cause: error })
        refused++
        continue
      }
      const [rows, found] = [model.productIds.length, scores(model)]
      const lengths = [model.products.length, model.popularity.length, found.length]
      if (lengths.join() !== [rows * model.dimension, rows, rows * investors.length].join())
        throw new Error(`seed ${seed}: ${rows} products, but ${lengths.join()} numbers`)
    }
    // The others are other models, or the same under another header: only a digest tells.
    expect(refused / seeds.length).toBeGreaterThan(0.7)
  })

  test('a release refuses every one of them, and scores as before by the file itself', () => {
    const release = assembleRelease(whole, () => 1, { runId: null, catalogue: zeroDigest })
    const opened = (model: Uint8Array) =>
      openRelease(release.manifestBytes, (part) => (part === release.manifest.model ? model : release.levels))
    expect(scores(opened(whole).model)).toEqual(sound)
    const refusal = (seed: number): string => {
      try {
        opened(mutatedFile(whole, seed))
        return 'opened'
      } catch (error) {
        return (error as Error).message.slice(0, 41)
      }
    }
    expect([...new Set(seeds.map(refusal))]).toEqual(['release: a part does not match its digest'])
  })
})
