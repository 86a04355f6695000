import { randomFor } from '../../random.js'
import { type TwoTowerConfig } from '../config.js'

/** What the sizes of a model follow from. */
export type Sizes = {
  readonly products: number
  readonly companies: number
  readonly kinds: number
  /** Width of a product's standardised facts, and of an investor's standardised features. */
  readonly factWidth: number
  readonly investorWidth: number
}

/**
 * Every weight with its shape and its first value, in a fixed order. `missingFrom`: rows of a matrix from that one on
 * are for "this value is missing", and begin at 0, so that one which was never missing in training says nothing.
 */
type Weight = { readonly shape: readonly number[]; readonly scale: number; readonly missingFrom?: number }

export function weightShapes(sizes: Sizes, config: TwoTowerConfig): Readonly<Record<WeightName, Weight>> {
  const { embedding: h, hidden, dimension: d } = config
  const { products, companies, kinds, factWidth, investorWidth } = sizes
  const spread = (inputs: number): number => Math.sqrt(1 / Math.max(1, inputs))
  return {
    // At 0 a product that nobody bought is what its company, kind and facts say; without these it would be no direction.
    id: { shape: [products, h], scale: factWidth === 0 ? 0.1 : 0 },
    company: { shape: [companies, h], scale: 0.1 },
    kind: { shape: [kinds, h], scale: 0.1 },
    facts: { shape: [factWidth, h], scale: 0.3 * spread(factWidth / 2), missingFrom: factWidth / 2 },
    productHidden: { shape: [h, hidden], scale: spread(h) },
    productHiddenBias: { shape: [hidden], scale: 0 },
    productOut: { shape: [hidden, d], scale: spread(hidden) },
    productSkip: { shape: [h, d], scale: spread(h) },
    productBias: { shape: [d], scale: 0 },
    profile: {
      shape: [investorWidth, hidden],
      scale: spread(investorWidth / 2),
      missingFrom: investorWidth / 2,
    },
    history: { shape: [h, hidden], scale: spread(h) },
    hiddenBias: { shape: [hidden], scale: 0 },
    out: { shape: [hidden, d], scale: spread(hidden) },
    skip: { shape: [h, d], scale: spread(h) },
    outBias: { shape: [d], scale: 0 },
  }
}

export const weightNames = [
  'id',
  'company',
  'kind',
  'facts',
  'productHidden',
  'productHiddenBias',
  'productOut',
  'productSkip',
  'productBias',
  'profile',
  'history',
  'hiddenBias',
  'out',
  'skip',
  'outBias',
] as const
export type WeightName = (typeof weightNames)[number]

/** The first values of a weight: the same for the same seed on every machine. */
export function initialValues(name: WeightName, { shape, scale, missingFrom }: Weight, seed: number): Float32Array {
  const { normal } = randomFor(seed, `two-tower/${name}`)
  const width = shape.at(-1) ?? 1
  const length = shape.reduce((product, size) => product * size, 1)
  return Float32Array.from({ length }, (_, at) =>
    scale === 0 || (missingFrom !== undefined && at / width >= missingFrom) ? 0 : normal() * scale,
  )
}
