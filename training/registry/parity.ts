import { type Artifact, encodeArtifact } from '../../engine/model/artifact.js'
import { dot } from '../../engine/model/kernel.js'
import { loadModel, type Model } from '../../engine/model/model.js'
import { type InvestorSnapshot } from '../../features/schema/records.js'
import { type Instant } from '../../features/schema/time.js'
import { type Parity } from '../runRecord.js'
import { trainersRanking } from './trainersRanking.js'
import { componentScores, trainersScores } from './trainersScores.js'

/**
 * Scores of every product for some investors: the engine's, of the model written and read again, against those of the
 * trainer's own arithmetic over what it holds in memory; of a blend those by which its best hundred are ranked as well.
 * Null without investors, and for a kind of which the trainer gives none.
 */
export async function parityOf(
  artifact: Artifact,
  investors: readonly InvestorSnapshot[],
  at: Instant,
): Promise<Parity | null> {
  const trained = await trainersScores(artifact, investors, at)
  if (trained === null || investors.length === 0) return null
  const model = loadModel(encodeArtifact(artifact))
  const nominating = investors.map((investor, place) => ({
    expected: trained[place] ?? new Float64Array(),
    actual: engineScores(model, investor, at),
  }))
  const ranking = model.rank === null ? [] : await rankedPairs(artifact, model.rank, trained, investors, at)
  if (ranking === null) return null
  const pairs = [...nominating, ...ranking]
  return {
    scores: pairs.reduce((sum, { actual }) => sum + actual.length, 0),
    largest: Math.max(...pairs.map(({ expected, actual }) => apart(expected, actual))),
  }
}

/** Candidates of which a ranking stage is compared. */
const ranked = 100

/** Null where the trainer's arithmetic does not have what the ranking stage reads. */
async function rankedPairs(
  artifact: Artifact,
  rank: NonNullable<Model['rank']>,
  trained: readonly Float64Array[],
  investors: readonly InvestorSnapshot[],
  at: Instant,
): Promise<readonly { readonly expected: Float64Array; readonly actual: Float64Array }[] | null> {
  const components = await componentScores(artifact, investors, at)
  if (components === null) return null
  const pairs = investors.map((investor, place) => {
    const own = trained[place] ?? new Float64Array()
    const rows = [...own.keys()].sort((a, b) => (own[b] ?? 0) - (own[a] ?? 0) || a - b).slice(0, ranked)
    const scores = components.map((of) => of[place] ?? null)
    const expected = trainersRanking(artifact, investor, at, { rows, scores })
    return expected && { expected, actual: rank(investor, at, Int32Array.from(rows), []) }
  })
  return pairs.every((pair) => pair !== null) ? pairs : null
}

/** The largest difference as a share of the largest score; the largest number there is where one is no number. */
export function apart(expected: Float64Array, actual: Float64Array): number {
  const scale = expected.reduce((most, score) => Math.max(most, Math.abs(score)), 1e-30)
  return actual.reduce((largest, score, row) => {
    const share = Math.abs(score - (expected[row] ?? Number.NaN)) / scale
    return Math.max(largest, Number.isFinite(share) ? share : Number.MAX_VALUE)
  }, 0)
}

function engineScores(model: Model, investor: InvestorSnapshot, at: Instant): Float64Array {
  const { products, dimension, popularity } = model
  const whole = model.scores?.(investor, at) ?? null
  if (whole !== null) return whole
  const vector = model.embed(investor, at)
  if (vector === null) return Float64Array.from(popularity)
  return Float64Array.from(popularity, (_, row) => dot(vector, 0, products, row * dimension, dimension))
}
