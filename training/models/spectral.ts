import { type Artifact, type Tensor, type TensorData } from '../../engine/model/artifact.js'
import { type Interactions, transposed, userCount } from '../interactions.js'
import { type SpectralConfig } from './config.js'
import { itemCounts } from './popularity.js'
import { type Graph, graphOf, type LowRank } from './spectral/graph.js'
import { normalised, powers } from './spectral/sparse.js'
import { type RightVectors, truncatedSvd } from './spectral/truncatedSvd.js'

/**
 * A filter over the spectrum of co-occurrence, linear in the past x of an investor and without training:
 *
 *   score = x D_i^−p f(K) D_i^−q,   K = R̃ᵀR̃,   R̃ = D_u^−c/2 R D_i^−(p+q)/2 = U Σ Vᵀ,
 *
 * whereby scores are raised and lowered by powers of the products' counts D_i so that only p and q are left of them.
 * f(K) keeps K and bends its k greatest eigenvalues σ², c being the user exponent:
 *
 *   f(σ²) = σ_k^(2−γ) σ^γ + α σ_1²,   and σ² beyond the kth.
 *
 * γ = 2 and α = 0 is an item-kNN. γ < 2 flattens what is common to all tastes and so brings out the rest, as the
 * sharpening of BSPM does (Choi et al. 2023, SIGIR '23). It is a relative of GF-CF (Shen et al. 2021, "How powerful is graph
 * convolution for recommendation?", CIKM '21) and does not contain it: that one's ideal low-pass is weighted by the
 * products' counts, x D_i^−½ V Vᵀ D_i^½, beside an item-kNN with p = q = ½ and c = 1.
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
  const bent = bentValues(spectrum.values, config)
  const change = halves(
    spectrum,
    bent.map((value, axis) => value - spectrum.values[axis]! ** 2),
  )
  // D_i^(p − middle), by which p and q differ from the exponents that stand within K.
  const skew = powers(transposed(interactions), middle - historyExponent)
  const graph = graphOf(both, { lowRank: everywhere ? null : change, skew, neighbours })
  const tensors = everywhere
    ? factors(change, skew)
    : { products: tensorOf(halves(spectrum, bent).right, spectrum.rank) }
  return {
    metadata: { ...metadataOf(interactions, config), seed: String(seed) },
    tensors: { ...tensors, ...graphTensors(graph), popularity: tensorOf(itemCounts(interactions)) },
  }
}

/** f(σ²) of each of the k; 0 where σ is. */
function bentValues(values: Float64Array, { smoothing, lowPass }: SpectralConfig): Float64Array {
  const [first, last] = [values[0] ?? 0, values.findLast((value) => value > 0) ?? 0]
  return values.map((value) =>
    value > 0 ? Math.pow(last, 2 - smoothing) * Math.pow(value, smoothing) + lowPass * first * first : 0,
  )
}

/** V diag(gains) Vᵀ as left · rightᵀ, the two equal but for signs. */
function halves({ rank, vectors }: RightVectors, gains: Float64Array): LowRank {
  const right = Float32Array.from(vectors, (value, at) => value * Math.sqrt(Math.abs(gains[at % rank]!)))
  return { dimension: rank, right, left: right.map((value, at) => value * Math.sign(gains[at % rank]!)) }
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
  const { kind: model, ...fields } = config
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
