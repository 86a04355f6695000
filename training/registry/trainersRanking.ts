import { type Artifact } from '../../engine/model/artifact.js'
import { Head, Term } from '../../engine/ranking/terms.js'
import { featureById } from '../../features/definitions/catalogue.js'
import { valueOf } from '../../features/definitions/vectors.js'
import { type InvestorSnapshot } from '../../features/schema/records.js'
import { type Instant } from '../../features/schema/time.js'
import { dataOf, pastOf } from './trainersScores.js'

const dayMs = 86_400_000
/** Standard deviations at which a feature is cut. */
const widest = 4
const listOf = (artifact: Artifact, name: string): unknown[] => JSON.parse(artifact.metadata[name] ?? '[]') as unknown[]

/** Candidates: rows, and of each component its scores of all rows, null where it knows nothing of him. */
export type Candidates = {
  readonly rows: readonly number[]
  readonly scores: readonly (ArrayLike<number> | null)[]
}

/**
 * What a blend ranks candidates by, [k], by its formula (engine/ranking) over what the trainer holds in memory: without a
 * line of the engine's ranking stage or its polynomials. Null where a term reads a feature of pairs, which needs products.
 */
export function trainersRanking(
  artifact: Artifact,
  investor: InvestorSnapshot,
  at: Instant,
  candidates: Candidates,
): Float64Array | null {
  const terms = listOf(artifact, 'terms').map((term) => Term.parse(term))
  if (terms.some(({ of }) => of === 'pair')) return null
  const weights = dataOf(artifact, 'ranker.weights')
  const columns = terms.map((term) => {
    const factor = term.times === null ? 1 : factorOf(artifact, investor, at, term.times)
    return columnOf(artifact, investor, candidates, term).map((value) => value * factor)
  })
  const total = new Float64Array(candidates.rows.length)
  listOf(artifact, 'heads').forEach((head, place) => {
    const { weight, normalised } = Head.parse(head)
    const out = candidates.rows.map((_, k) =>
      columns.reduce(
        (sum, column, term) => sum + (weights[place * terms.length + term] ?? NaN) * (column[k] ?? NaN),
        0,
      ),
    )
    const added = normalised ? standardScores(out) : out
    added.forEach((value, k) => (total[k] = (total[k] ?? 0) + weight * value))
  })
  return total
}

function columnOf(
  artifact: Artifact,
  investor: InvestorSnapshot,
  { rows, scores }: Candidates,
  term: Term,
): readonly number[] {
  if (term.of === 'product') return rows.map((row) => dataOf(artifact, `ranker.columns.${term.column}`)[row] ?? NaN)
  if (term.of === 'same') return sharesOf(artifact, investor, rows, `ranker.groups.${term.group}`)
  if (term.of === 'pair') return []
  const of = scores[term.component]
  const own = rows.map((row) => (of == null ? 0 : Math.fround(of[row] ?? NaN)))
  if (term.of === 'score') return standardScores(own)
  if (term.of === 'log-score') return own.map((score) => Math.log(Math.max(0, score) + term.floor))
  const places = own.map((score) => own.filter((other) => other > score).length)
  return places.map((place) => (term.of === 'rank' ? 1 / (1 + place) : Math.log(1 + place)))
}

function sharesOf(
  artifact: Artifact,
  investor: InvestorSnapshot,
  rows: readonly number[],
  name: string,
): readonly number[] {
  const [group, past] = [dataOf(artifact, name), [...pastOf(artifact, investor)]]
  const total = past.reduce((sum, [, weight]) => sum + weight, 0)
  return rows.map((row) => {
    if (total === 0 || (group[row] ?? -1) < 0) return 0
    return past.reduce((sum, [other, weight]) => sum + (group[other] === group[row] ? weight : 0), 0) / total
  })
}

/** A feature of the investor, standardised, 0 where it is unknown; or what is known of his past. */
function factorOf(artifact: Artifact, investor: InvestorSnapshot, at: Instant, id: string): number {
  const { purchased } = investor.behaviour
  if (id === 'past.size') return Math.log(Math.max(1, purchased.length))
  if (id === 'past.idle') {
    const latest = Math.max(...purchased.map(({ lastAt }) => lastAt))
    return purchased.length === 0 ? 0 : Math.log(1 + Math.max(0, (at - latest) / dayMs)) - 4
  }
  const feature = featureById(id)
  const value = feature?.entity === 'investor' ? valueOf(feature, { investor, at }) : null
  const place = listOf(artifact, 'investorFeatures').indexOf(id)
  const [mean, scale] = [
    dataOf(artifact, 'ranker.investorMeans')[place],
    dataOf(artifact, 'ranker.investorScales')[place],
  ]
  if (value === null || scale === undefined || scale === 0) return 0
  return Math.max(-widest, Math.min(widest, (value - (mean ?? NaN)) / scale))
}

/** The same floor as the engine's: what differs by less is rounding. */
function standardScores(values: readonly number[]): readonly number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
  return values.map((value) => (deviation > 1e-9 * Math.max(1, Math.abs(mean)) ? (value - mean) / deviation : 0))
}
