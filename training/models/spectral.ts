import { type Artifact, type Tensor, type TensorData } from '../../engine/model/artifact.js'
import { type Interactions, transposed, userCount } from '../interactions.js'
import { type SpectralConfig } from './config.js'
import { itemCounts } from './popularity.js'
import { type Graph, graphOf, type LowRank } from './spectral/graph.js'
import { type BothWays, normalised, powers, timesDense } from './spectral/sparse.js'
import { type RightVectors, truncatedSvd } from './spectral/truncatedSvd.js'

/**
 * A filter over the spectrum of co-occurrence, linear in the past x of an investor and without training:
 *
 *   score = x D_i^−p [f(K) + β D_i^−½ V Vᵀ D_i^½] S(K) D_i^−q,   K = R̃ᵀR̃,   R̃ = D_u^−c/2 R D_i^−(p+q)/2 = U Σ Vᵀ,
 *
 * whereby scores are raised and lowered by powers of the products' counts D_i so that only p and q are left of them.
 * f(K) keeps K and bends its k greatest eigenvalues σ², c being the user exponent:
 *
 *   f(σ²) = σ_k^(2−γ) σ^γ + α σ_1²,   and σ² beyond the kth.
 *
 * γ = 2 and α = 0 is an item-kNN; with p = q = ½ and c = 1 beside it, and β for the ideal low-pass, GF-CF (Shen et al.
 * 2021, "How powerful is graph convolution for recommendation?", CIKM '21). S(K) takes away what is common to all:
 *
 *   S(K) = Σ_{j≤4} (−TK)^j / j!,   a step by the classical Runge–Kutta method of dy/dt = −yK over the time T,
 *
 * the sharpening of BSPM (Choi et al. 2023, "Blurring-sharpening process models for collaborative filtering", SIGIR '23);
 * γ < 2 is a cheaper relative. Beyond the kth eigenvalue S(K) is taken for S(σ_k²), so that the graph stays that of K.
 *
 * The result is a graph of items (engine/model/itemGraph.ts), cut to the strongest `neighbours` of each. What f bends is
 * of low rank and would reach pairs that nobody took together; unless `everywhere` these are left out, with which the
 * model stays sparse. `products` are spectral vectors that tell how near two products are.
 */
export function fitSpectral(interactions: Interactions, config: SpectralConfig, seed: number): Artifact {
  const { everywhere, neighbours, historyExponent, productExponent } = config
  const middle = (historyExponent + productExponent) / 2
  const both = normalised(interactions, config.userExponent / 2, middle)
  const spectrum = truncatedSvd(both, config.dimension, config.iterations, seed)
  const scale = sharpened(config.sharpening * (spectrum.values.findLast((value) => value > 0) ?? 0) ** 2)
  const bent = bentValues(spectrum.values, config)
  const lowRank = beside(
    halves(
      spectrum,
      bent.map((value, axis) => value - scale * spectrum.values[axis]! ** 2),
    ),
    config.idealWeight === 0 ? null : idealLowPass(spectrum, both, powers(transposed(interactions), 0.5), config),
  )
  // D_i^(p − middle), by which p and q differ from the exponents that stand within K.
  const skew = powers(transposed(interactions), middle - historyExponent)
  const graph = graphOf(both, { lowRank: everywhere ? null : lowRank, scale, skew, neighbours })
  const tensors = everywhere
    ? factors(lowRank, skew)
    : { products: tensorOf(halves(spectrum, bent).right, spectrum.rank) }
  return {
    metadata: { ...metadataOf(interactions, config), seed: String(seed) },
    tensors: { ...tensors, ...graphTensors(graph), popularity: tensorOf(itemCounts(interactions)) },
  }
}

/** S(z). */
const sharpened = (z: number): number => 1 - z + (z * z) / 2 - z ** 3 / 6 + z ** 4 / 24

/** f(σ²) S(σ²) of each of the k; 0 where σ is. */
function bentValues(values: Float64Array, { smoothing, lowPass, sharpening }: SpectralConfig): Float64Array {
  const [first, last] = [values[0] ?? 0, values.findLast((value) => value > 0) ?? 0]
  const bent = (value: number): number =>
    Math.pow(last, 2 - smoothing) * Math.pow(value, smoothing) + lowPass * first * first
  return values.map((value) => (value > 0 ? bent(value) * sharpened(sharpening * value * value) : 0))
}

/** V diag(gains) Vᵀ as left · rightᵀ, the two equal but for signs. */
function halves({ rank, vectors }: RightVectors, gains: Float64Array): LowRank {
  const right = Float32Array.from(vectors, (value, at) => value * Math.sqrt(Math.abs(gains[at % rank]!)))
  return { dimension: rank, right, left: right.map((value, at) => value * Math.sign(gains[at % rank]!)) }
}

/** β D_i^−½ V · Vᵀ D_i^½ S(K), S(K) applied whole. */
function idealLowPass(
  { rank, vectors }: RightVectors,
  both: BothWays,
  inverseRoots: Float64Array,
  { idealWeight, sharpening }: SpectralConfig,
): LowRank {
  const rootOf = (at: number): number => inverseRoots[Math.floor(at / rank)]!
  const right = vectors.map((value, at) => (rootOf(at) > 0 ? value / rootOf(at) : 0))
  let term: Float64Array = right
  for (let power = 1; power <= 4 && sharpening > 0; power++) {
    term = timesDense(both.byItem, timesDense(both.byUser, term, rank), rank)
    for (let at = 0; at < term.length; at++) {
      term[at]! *= -sharpening / power
      right[at]! += term[at]!
    }
  }
  return {
    dimension: rank,
    left: Float32Array.from(vectors, (value, at) => idealWeight * value * rootOf(at)),
    right: Float32Array.from(right),
  }
}

/** The sum of two of one number of items. */
function beside(first: LowRank, second: LowRank | null): LowRank {
  if (second === null) return first
  const dimension = first.dimension + second.dimension
  const joined = (a: Float32Array, b: Float32Array): Float32Array => {
    const rows = new Float32Array(a.length + b.length)
    for (let at = 0, row = 0; at < rows.length; at += dimension, row++) {
      rows.set(a.subarray(row * first.dimension, (row + 1) * first.dimension), at)
      rows.set(b.subarray(row * second.dimension, (row + 1) * second.dimension), at + first.dimension)
    }
    return rows
  }
  return { dimension, left: joined(first.left, second.left), right: joined(first.right, second.right) }
}

/** The low rank as factors for all pairs, skewed as the graph is. A product without any interaction has none. */
function factors({ dimension, left, right }: LowRank, skew: Float64Array): Record<string, Tensor> {
  const of = (at: number): number => skew[Math.floor(at / dimension)]!
  return {
    history: tensorOf(
      left.map((value, at) => (of(at) > 0 ? value / of(at) : 0)),
      dimension,
    ),
    products: tensorOf(
      right.map((value, at) => value * of(at)),
      dimension,
    ),
  }
}

const tensorOf = (data: TensorData, width?: number): Tensor => ({
  shape: width === undefined ? [data.length] : [data.length / width, width],
  data,
})

const graphTensors = ({ offsets, items, weights }: Graph): Record<string, Tensor> => ({
  'graph.offsets': tensorOf(offsets),
  'graph.items': tensorOf(items),
  'graph.weights': tensorOf(weights),
})

function metadataOf(interactions: Interactions, config: SpectralConfig): Record<string, string> {
  // What is shown how often is a matter of the release.
  const { kind: model, exposure: _, ...fields } = config
  return {
    format: 'aptus-model/1',
    kind: 'item-graph',
    model,
    productIds: JSON.stringify(interactions.itemIds),
    ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)])),
    users: String(userCount(interactions)),
    pairs: String(interactions.items.length),
  }
}
