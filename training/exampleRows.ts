import { randomFor } from '../features/definitions/random.js'
import { investorVector, pairVector, productVector } from '../features/definitions/vectors.js'
import { type Interactions as Recorded } from '../features/history/port.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type InvestorId, type ProductId } from '../features/schema/ids.js'
import { type InvestorRecord } from '../features/schema/records.js'
import { type Instant } from '../features/schema/time.js'
import { type Example, examplesOf } from './examples.js'
import { cutOf } from './holdout.js'
import { rowsBefore } from './rowsBefore.js'

export const splits = ['train', 'validation', 'test'] as const
export type Split = (typeof splits)[number]

/** An investor at an instant and a product that he then bought, or did not. */
export type ExampleRow = {
  readonly investorId: InvestorId
  readonly at: Instant
  readonly productId: ProductId
  readonly bought: boolean
  /** How many such rows it stands for: of those not bought, a part was drawn. */
  readonly weight: number
  readonly split: Split
  /** Features of the investor, the product and both, as they were known strictly before `at`; NaN is missing. */
  readonly features: readonly [Float32Array, Float32Array, Float32Array]
}

export type ExampleFacts = {
  readonly recorded: Recorded
  readonly profiles: ReadonlyMap<InvestorId, readonly InvestorRecord[]>
  /** What was known of the products at each of these instants, which ascend; an example reads the latest before it. */
  readonly catalogues: readonly { readonly from: Instant; readonly catalogue: Catalogue }[]
  readonly seed: number
  /** Rows that were not bought, a purchase. */
  readonly negatives: number
}

/** The instants at which validation and test begin: those of `aptus tune` and `aptus train`; Infinity where there is none. */
export function splitsOf(recorded: Recorded): { readonly validation: Instant; readonly test: Instant } {
  const test = cutOf(recorded) ?? Infinity
  const validation = test === Infinity ? null : cutOf(rowsBefore(recorded, test))
  return { validation: validation ?? test, test }
}

/**
 * Each first purchase of a product, and beside it products of the same day's catalogue that the investor had not bought
 * by then, drawn evenly. A purchase of a product that was not known at the time is left out.
 */
export function* exampleRows(facts: ExampleFacts): Generator<ExampleRow> {
  const { recorded, catalogues, seed, negatives } = facts
  const begin = splitsOf(recorded)
  const { uniform } = randomFor(seed, 'negatives')
  for (const example of examplesOf(facts)) {
    const catalogue = catalogues.findLast(({ from }) => from <= example.at)?.catalogue
    const bought = catalogue?.ordinalOf.get(example.productId)
    if (catalogue === undefined || bought === undefined) continue
    const split = example.at >= begin.test ? 'test' : example.at >= begin.validation ? 'validation' : 'train'
    const row = rowMaker(example, catalogue, split)
    yield row(bought, true, 1)
    const owned = new Set([
      example.productId,
      ...example.investor.behaviour.purchased.map(({ productId }) => productId),
    ])
    const drawn = drawnFrom(catalogue, owned, negatives, uniform)
    for (const ordinal of drawn) yield row(ordinal, false, (catalogue.products.length - owned.size) / drawn.size)
  }
}

function rowMaker({ at, investor }: Example, { products }: Catalogue, split: Split) {
  const his = investorVector(investor, at)
  return (ordinal: number, bought: boolean, weight: number): ExampleRow => {
    const product = products[ordinal]
    if (product === undefined) throw new RangeError(`example: product ${ordinal} of ${products.length}`)
    const features = [his, productVector(product, at), pairVector(investor, product, at)] as const
    return { investorId: investor.profile.id, at, productId: product.id, bought, weight, split, features }
  }
}

/** At most `count` ordinals of products that he does not own; fewer where the catalogue has hardly any others. */
function drawnFrom(
  { products }: Catalogue,
  owned: ReadonlySet<ProductId>,
  count: number,
  uniform: () => number,
): Set<number> {
  const drawn = new Set<number>()
  for (let tries = 0; drawn.size < count && tries < 20 * count; tries++) {
    const ordinal = Math.floor(uniform() * products.length)
    const product = products[ordinal]
    if (product !== undefined && !owned.has(product.id)) drawn.add(ordinal)
  }
  return drawn
}
