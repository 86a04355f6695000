import { type Artifact } from '../../engine/model/artifact.js'
import { type Interactions, transposed, userCount } from '../interactions.js'
import { threadsFor } from '../kernels/threads.js'
import { randomFor } from '../random.js'
import { type Alternating, openAlternating, type Side } from './alternating.js'
import { type IalsConfig } from './config.js'
import { gramOf, type Rows, sizeOf, type Vectors } from './halfStep.js'
import { ialsObjective } from './ialsObjective.js'
import { itemCounts } from './popularity.js'

/** Told after each iteration. */
export type Progress = (done: number, total: number) => void

/**
 * iALS with frequency-scaled regularisation (Hu, Koren and Volinsky 2008; Rendle, Krichene, Zhang and Koren 2022,
 * "Revisiting the performance of iALS on item recommendation benchmarks", RecSys '22). It minimises
 *
 *   Σ_{(u,i) taken} w_ui (x_u·y_i − 1)² + α0 Σ_{all u,i} (x_u·y_i)² + Σ_u λ_u |x_u|² + Σ_i λ_i |y_i|²,
 *   λ_u = λ (round(Σ_{i∈S(u)} w_ui) + α0 n)^ν,   λ_i = λ (round(Σ_{u∈S(i)} w_ui) + α0 m)^ν,
 *
 * n items, m users, in turns: users given items, then items given users. Vectors of users are not kept. The score of
 * item i for an investor with the past S is u·y_i, u folded in from the artifact alone:
 *
 *   u = (gram + Σ_{i∈S} w_i y_i y_iᵀ + λ_u I)⁻¹ Σ_{i∈S} w_i y_i,   gram = α0 YᵀY [d, d],
 *   λ_u = lambdaBySize[min(round(Σ_{i∈S} w_i), last)],   w_i = 1 if purchased, else viewWeight if viewed (0: left out).
 *
 * `told` gets the minimised sum, a pair, after each iteration. Throws an Error where λ is so strong that nothing is left of the vectors.
 *
 * lambdaBySize holds λ (s + α0 n)^ν for s = 0, 1, …: a table, since a power's last bit differs between machines. n
 * counts the products fitted; `gram` too leaves out those that were given a vector later. An empty S has no u; serving
 * falls back to `popularity`. The lengths of vectors carry the popularity: they are not normalised.
 */
export function fitIals(
  interactions: Interactions,
  asked: IalsConfig,
  seed: number,
  progress?: Progress,
  told?: (objective: number) => void,
): Artifact {
  const config = { ...asked, alpha0: asked.alpha0 ?? usualAlpha0(interactions.itemIds.length) }
  const byItem = transposed(interactions)
  const [count, users] = [interactions.itemIds.length, userCount(interactions)]
  const work = config.iterations * interactions.items.length * config.dimension ** 2
  const fit = openAlternating(
    initialVectors(count, config, seed),
    [sideOf(interactions, lambdaOf(config, count)), sideOf(byItem, lambdaOf(config, users))],
    config.alpha0,
    threadsFor(work),
  )
  try {
    for (let iteration = 1; iteration <= config.iterations; iteration++) {
      fit.iterate()
      told?.(objectiveOf(fit, interactions, byItem, config))
      progress?.(iteration, config.iterations)
    }
    const products = fit.products()
    requireLength(products, config)
    return ialsArtifact(interactions, products, config, seed)
  } finally {
    fit.close()
  }
}

function objectiveOf(fit: Alternating, rows: Rows, columns: Rows, config: Resolved): number {
  const [users, products] = [fit.users(), fit.products()]
  return ialsObjective(
    users,
    products,
    [rows, { alpha0: config.alpha0, lambdaOf: lambdaOf(config, products.count) }],
    [columns, { alpha0: config.alpha0, lambdaOf: lambdaOf(config, users.count) }],
    fit.squaresEverywhere(),
  )
}

type Resolved = IalsConfig & { readonly alpha0: number }

/** All unobserved pairs of a user together weigh about 200: near the best on catalogues of 500 and of 41,000 products. */
const usualAlpha0 = (items: number): number => Math.max(0.003, Math.min(0.3, 200 / Math.max(1, items)))

/** Above a certain λ the minimum is 0, and the vectors only shrink: what they still rank by is the same for everyone. */
function requireLength({ data }: Vectors, { lambda, alpha0 }: Resolved): void {
  let longest = 0
  for (const value of data) longest = Math.max(longest, Math.abs(value))
  if (longest < 1e-4)
    throw new Error(
      `iALS: all vectors shrank to nothing under lambda ${lambda} and alpha0 ${alpha0}; lower one of them, ` +
        'or give more interactions',
    )
}

/** λ (s + α0 · others)^ν of a row of size s, `others` being the number of rows on the other side. */
const lambdaOf =
  ({ lambda, nu, alpha0 }: Resolved, others: number) =>
  (size: number): number =>
    lambda * Math.pow(size + alpha0 * others, nu)

const sideOf = (rows: Rows, lambda: (size: number) => number): Side => ({
  rows,
  lambdas: Float64Array.from({ length: rows.offsets.length - 1 }, (_, row) => lambda(sizeOf(rows, row))),
})

/** Pasts longer than this are regularised as if they had this length. */
const longestPast = 1023

/** Rendle et al.: each number normal with variance initialScale² / d, so that |y| ≈ initialScale. */
function initialVectors(count: number, { dimension, initialScale }: IalsConfig, seed: number): Vectors {
  const { normal } = randomFor(seed, 'ials/products')
  const scale = initialScale / Math.sqrt(dimension)
  return { count, dimension, data: Float64Array.from({ length: count * dimension }, () => normal() * scale) }
}

function ialsArtifact(interactions: Interactions, products: Vectors, config: Resolved, seed: number): Artifact {
  const { count, dimension } = products
  const data = Float32Array.from(products.data)
  // From the rounded vectors, which are all that a reader of the artifact has.
  const gram = gramOf({ count, dimension, data: Float64Array.from(data) }).map((value) => value * config.alpha0)
  return {
    metadata: {
      format: 'aptus-model/1',
      kind: 'ials',
      productIds: JSON.stringify(interactions.itemIds),
      dimension: String(dimension),
      lambda: String(config.lambda),
      nu: String(config.nu),
      alpha0: String(config.alpha0),
      viewWeight: String(config.viewWeight),
      iterations: String(config.iterations),
      initialScale: String(config.initialScale),
      users: String(userCount(interactions)),
      pairs: String(interactions.items.length),
      seed: String(seed),
    },
    tensors: {
      products: { shape: [count, dimension], data },
      popularity: { shape: [count], data: itemCounts(interactions) },
      gram: { shape: [dimension, dimension], data: gram },
      lambdaBySize: {
        shape: [longestPast + 1],
        data: Float64Array.from({ length: longestPast + 1 }, (_, size) => lambdaOf(config, count)(size)),
      },
    },
  }
}
