import { type Artifact, encodeArtifact } from '../../engine/model/artifact.js'
import { dot } from '../../engine/model/kernel.js'
import { loadModel, type Model } from '../../engine/model/model.js'
import { type InvestorSnapshot } from '../../features/schema/records.js'
import { type Instant } from '../../features/schema/time.js'
import { type Parity } from '../runRecord.js'
import { trainersScores } from './trainersScores.js'

/**
 * Scores of every product for some investors: the engine's, of the model written and read again, against those of the
 * trainer's own arithmetic over what it holds in memory. Null without investors, and for a kind of which the trainer
 * gives none.
 */
export async function parityOf(
  artifact: Artifact,
  investors: readonly InvestorSnapshot[],
  at: Instant,
): Promise<Parity | null> {
  const trained = await trainersScores(artifact, investors, at)
  if (trained === null || investors.length === 0) return null
  const model = loadModel(encodeArtifact(artifact))
  const pairs = investors.map((investor, place) => ({
    expected: trained[place] ?? new Float64Array(),
    actual: engineScores(model, investor, at),
  }))
  return {
    scores: pairs.reduce((sum, { actual }) => sum + actual.length, 0),
    largest: Math.max(...pairs.map(({ expected, actual }) => apart(expected, actual))),
  }
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
