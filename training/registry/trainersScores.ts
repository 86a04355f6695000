import { Matrix, solve } from 'ml-matrix'
import { type Artifact } from '../../engine/model/artifact.js'
import { type modelKinds } from '../../engine/model/model.js'
import { ageYears as completedYears } from '../../features/definitions/calendar.js'
import { levelNumber } from '../../features/schema/levels.js'
import { type InvestorSnapshot } from '../../features/schema/records.js'
import { dateOfDayNumber, type Instant } from '../../features/schema/time.js'
import { towerVectors } from './towerVectors.js'

/** An investor's vector; null: nothing is known of him, and popularity ranks. */
type Vector = ArrayLike<number> | null
type Past = ReadonlyMap<number, number>
type Embedded = (artifact: Artifact, investors: readonly InvestorSnapshot[], at: Instant) => Promise<readonly Vector[]>

export const dataOf = (artifact: Artifact, name: string) => artifact.tensors[name]?.data ?? new Float32Array()
/** A matrix of products by products held whole has as many columns as products. */
const widthOf = ({ tensors }: Artifact): number => tensors['products']?.shape[1] ?? tensors['history']?.shape[1] ?? 0
const productIdsOf = ({ metadata }: Artifact): readonly string[] =>
  JSON.parse(metadata['productIds'] ?? '[]') as string[]

/** Weights by row of what he bought and viewed. */
export function pastOf(artifact: Artifact, { behaviour }: InvestorSnapshot): Past {
  const viewWeight = Number(artifact.metadata['viewWeight'] ?? 0)
  const rowOf = new Map(productIdsOf(artifact).map((id, row) => [id, row]))
  const weighted = [
    ...behaviour.viewed.map(({ productId }) => [productId, viewWeight] as const),
    ...behaviour.purchased.map(({ productId }) => [productId, 1] as const),
  ]
  return new Map(
    weighted.flatMap(([id, weight]) => {
      const row = rowOf.get(id)
      return row === undefined || weight === 0 ? [] : [[row, weight] as const]
    }),
  )
}

const ofPast =
  (vectorOf: (artifact: Artifact, past: Past, investor: InvestorSnapshot) => Vector): Embedded =>
  (artifact, investors) =>
    Promise.resolve(investors.map((investor) => vectorOf(artifact, pastOf(artifact, investor), investor)))

/** Σ w · row of a tensor [n, d] */
function weightedSum(artifact: Artifact, name: string, past: Past): Float64Array {
  const [data, width] = [dataOf(artifact, name), widthOf(artifact)]
  const column = (i: number): number =>
    [...past].reduce((sum, [row, weight]) => sum + weight * (data[row * width + i] ?? Number.NaN), 0)
  return Float64Array.from({ length: width }, (_, i) => column(i))
}

/** The formula of training/models/ials.ts, solved by LU and not by Cholesky. */
function ialsVector(artifact: Artifact, past: Past): Vector {
  if (past.size === 0) return null
  const [data, width] = [dataOf(artifact, 'products'), widthOf(artifact)]
  const a = Matrix.from1DArray(width, width, Array.from(dataOf(artifact, 'gram')))
  let mass = 0
  for (const [row, weight] of past) {
    const y = Matrix.columnVector(Array.from(data.subarray(row * width, (row + 1) * width)))
    a.add(y.mmul(y.transpose()).mul(weight))
    mass += weight
  }
  const lambda = dataOf(artifact, 'lambdaBySize')
  a.add(Matrix.eye(width).mul(lambda[Math.min(Math.round(mass), lambda.length - 1)] ?? Number.NaN))
  return solve(a, Matrix.columnVector(Array.from(weightedSum(artifact, 'products', past)))).to1DArray()
}

function itemFactorsVector(artifact: Artifact, past: Past): Vector {
  if (past.size === 0) return null
  const bias = dataOf(artifact, 'bias')
  return weightedSum(artifact, 'history', past).map((value, i) => value + (bias[i] ?? 0))
}

function contentVector(artifact: Artifact, past: Past, { profile }: InvestorSnapshot): Vector {
  const [width, level] = [widthOf(artifact), profile.riskAssessment?.level]
  const total = [...past.values()].reduce((sum, weight) => sum + weight, 0)
  if (total > 0) return weightedSum(artifact, 'products', past).map((value) => value / total)
  if (level === undefined) return null
  return dataOf(artifact, 'levelCentres').subarray((levelNumber(level) - 1) * width, levelNumber(level) * width)
}

/** Σ w G_row + x·history productsᵀ, the formula of engine/model/itemGraph.ts. */
function itemGraphScores(artifact: Artifact, past: Past): Float64Array {
  const [offsets, items, weights] = ['offsets', 'items', 'weights'].map((name) => dataOf(artifact, `graph.${name}`))
  const [u, width, products] = [weightedSum(artifact, 'history', past), widthOf(artifact), dataOf(artifact, 'products')]
  const rank = artifact.tensors['history'] === undefined ? 0 : width
  return Float64Array.from(productIdsOf(artifact), (_, product) => {
    let sum = 0
    for (const [row, weight] of past)
      for (let k = offsets?.[row] ?? 0; k < (offsets?.[row + 1] ?? 0); k++)
        if (items?.[k] === product) sum += weight * (weights?.[k] ?? Number.NaN)
    for (let i = 0; i < rank; i++) sum += (u[i] ?? 0) * (products[product * width + i] ?? Number.NaN)
    return sum
  })
}

/** His segment's row, by level or by age; none where there are no segments. */
function segmentVectors(artifact: Artifact, investors: readonly InvestorSnapshot[], at: Instant): Promise<Vector[]> {
  const [rows, n, by] = [dataOf(artifact, 'segments'), productIdsOf(artifact).length, artifact.metadata['segmentsBy']]
  const row = (segment: number): Vector => rows.subarray(segment * n, (segment + 1) * n)
  const vectorFor = ({ profile: { riskAssessment, birthDate } }: InvestorSnapshot): Vector => {
    if (by === 'level') return riskAssessment && row(levelNumber(riskAssessment.level) - 1)
    if (by !== 'age' || birthDate === null) return null
    const years = completedYears(birthDate, dateOfDayNumber(Math.floor(at / 86_400_000)))
    return row(years < 30 ? 0 : years < 45 ? 1 : years < 60 ? 2 : 3)
  }
  return Promise.resolve(investors.map(vectorFor))
}

/** By the kind of the artifact, a line each; a blend is the sum of its parts. */
const vectors: Readonly<Partial<Record<string, Embedded>>> = {
  popularity: segmentVectors,
  ials: ofPast(ialsVector),
  content: ofPast(contentVector),
  'item-factors': ofPast(itemFactorsVector),
  'two-tower': towerVectors,
} satisfies Partial<Record<(typeof modelKinds)[number], Embedded>>

/** [n] of each investor, null where nothing is known of him. */
export type Scores = readonly (Float64Array | null)[]

/**
 * [n] scores of every product for each investor, from what the trainer holds in memory: two-tower by the TensorFlow
 * that trained it, the others by their formulas over ml-matrix and plain sums, without a line of the engine's forward
 * pass. Of a blend: those by which candidates are nominated; its ranking stage is trainersRanking.ts. Null for a kind
 * without any.
 */
export async function trainersScores(
  artifact: Artifact,
  investors: readonly InvestorSnapshot[],
  at: Instant,
): Promise<readonly Float64Array[] | null> {
  if (artifact.metadata['kind'] === 'item-graph')
    return investors.map((investor) => {
      const past = pastOf(artifact, investor)
      return past.size === 0 ? Float64Array.from(dataOf(artifact, 'popularity')) : itemGraphScores(artifact, past)
    })
  const isBlend = artifact.metadata['kind'] === 'blend'
  const scores = await (isBlend ? sumOfParts : scoresOf)(artifact, investors, at)
  return scores && scores.map((each) => each ?? Float64Array.from(dataOf(artifact, 'popularity')))
}

async function scoresOf(
  artifact: Artifact,
  investors: readonly InvestorSnapshot[],
  at: Instant,
): Promise<Scores | null> {
  const embedded = vectors[artifact.metadata['kind'] ?? '']
  if (embedded === undefined) return null
  const [products, width] = [dataOf(artifact, 'products'), widthOf(artifact)]
  return (await embedded(artifact, investors, at)).map((vector) => {
    if (vector === null) return null
    if (artifact.tensors['products'] === undefined) return Float64Array.from(vector)
    const score = (row: number): number => {
      let sum = 0
      for (let i = 0; i < width; i++) sum += (vector[i] ?? Number.NaN) * (products[row * width + i] ?? Number.NaN)
      return sum
    }
    return Float64Array.from({ length: products.length / width }, (_, row) => score(row))
  })
}

/** Of each component of a blend its own scores; null where one is of a kind without any. */
export async function componentScores(
  artifact: Artifact,
  investors: readonly InvestorSnapshot[],
  at: Instant,
): Promise<readonly Scores[] | null> {
  const { metadata, tensors } = artifact
  const parts = JSON.parse(metadata['components'] ?? '[]') as Record<string, string>[]
  const all: Scores[] = []
  for (const [place, own] of parts.entries()) {
    const mine = Object.entries(tensors).flatMap(([name, tensor]) =>
      name.startsWith(`c${place}.`) ? [[name.slice(`c${place}.`.length), tensor] as const] : [],
    )
    const part = { metadata: { ...own, productIds: metadata['productIds'] ?? '' }, tensors: Object.fromEntries(mine) }
    const scores = await scoresOf(part, investors, at)
    if (scores === null) return null
    all.push(scores)
  }
  return all
}

async function sumOfParts(
  artifact: Artifact,
  investors: readonly InvestorSnapshot[],
  at: Instant,
): Promise<Scores | null> {
  const parts = await componentScores(artifact, investors, at)
  const sums: (Float64Array | null)[] = investors.map(() => null)
  for (const [place, scores] of (parts ?? []).entries()) {
    const weight = dataOf(artifact, 'retrieval')[place] ?? 0
    if (weight === 0) continue
    scores.forEach((each, who) => {
      if (each !== null) sums[who] = each.map((score, row) => weight * score + (sums[who]?.[row] ?? 0))
    })
  }
  return parts && sums
}
