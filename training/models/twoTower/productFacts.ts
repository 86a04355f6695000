import { standardisedInput } from '../../../engine/model/investorInput.js'
import { productFeatures } from '../../../features/definitions/catalogue.js'
import { productVector } from '../../../features/definitions/vectors.js'
import { type Catalogue } from '../../../features/schema/catalogue.js'
import { type Product } from '../../../features/schema/product.js'
import { type Instant } from '../../../features/schema/time.js'
import { type Scaling, scalingOf } from './scaling.js'

/** A stretch of time whose examples see products by the same facts. */
export type Period = {
  /** Its first instant; it ends where the next begins. */
  readonly from: Instant
  /** Rows of the products that were known then, ascending: where negatives are drawn from. */
  readonly known: Int32Array
  /** [n, 2p] standardised facts of all products of the newest catalogue, as they were known at `from`. */
  readonly facts: Float32Array
}

export type ProductFacts = {
  readonly featureNames: readonly string[]
  readonly scaling: Scaling
  readonly width: number
  /** Ascending; the first begins with time itself and knows of a product no more than its terms. */
  readonly periods: readonly Period[]
  /** [n, 2p] what the release's product vectors are made of. */
  readonly newest: Float32Array
}

/** Columns that move with time. What a fund is and costs stands in its contract, and was so when it was bought. */
const observed = productFeatures.map(({ reads }) =>
  reads.some((source) => /^product\.(facts|rating|inceptionDate)/.test(source)),
)

/**
 * Products as they were known at each of the past catalogues, and as of `asOf`. Past catalogues are earlier foldings of
 * the same log, by their `knownBefore`; without any, only terms are learnt from. Facts of today never stand beside a
 * purchase of last year: today's return would give away what rose since.
 */
export function productFactsOf(catalogue: Catalogue, past: readonly Catalogue[], asOf: Instant): ProductFacts {
  const termsOnly = rawOf(catalogue.products, catalogue, asOf).map((value, at) =>
    observed[at % observed.length] === true ? Number.NaN : value,
  )
  const dated = past
    .flatMap((then) => (then.knownBefore === null || then.knownBefore > asOf ? [] : [{ then, from: then.knownBefore }]))
    .sort((a, b) => a.from - b.from)
    .map(({ then, from }) => ({
      from,
      known: rowsKnown(catalogue.products, then),
      raw: rawOf(catalogue.products, then, from),
    }))
  const all = [{ from: -Infinity, known: rowsKnown(catalogue.products, catalogue), raw: termsOnly }, ...dated]
  const scaling = scalingOf(
    all.map(({ raw }) => raw),
    productFeatures.length,
  )
  return {
    featureNames: productFeatures.map(({ name }) => name),
    scaling,
    width: 2 * productFeatures.length,
    periods: all.map(({ from, known, raw }) => ({ from, known, facts: standardisedRows(raw, scaling) })),
    newest: standardisedRows(rawOf(catalogue.products, catalogue, asOf), scaling),
  }
}

const rowsKnown = (all: readonly Product[], then: Catalogue): Int32Array =>
  Int32Array.from(all.keys()).filter((row) => then.ordinalOf.has(all[row]!.id))

/** [n, p]: a row a product of `all`; terms as they stand today, the rest as `then` knew it, NaN where it did not. */
function rawOf(all: readonly Product[], then: Catalogue, at: Instant): Float32Array {
  const width = productFeatures.length
  const raw = new Float32Array(all.length * width)
  all.forEach((product, row) => {
    const terms = productVector(product, at)
    const earlier = then.products[then.ordinalOf.get(product.id) ?? -1]
    const facts = earlier === undefined ? null : earlier === product ? terms : productVector(earlier, at)
    terms.forEach((value, column) => {
      raw[row * width + column] = observed[column] === true ? (facts?.[column] ?? Number.NaN) : value
    })
  })
  return raw
}

function standardisedRows(raw: Float32Array, { means, scales }: Scaling): Float32Array {
  const width = means.length
  const rows = new Float32Array(raw.length * 2)
  for (let row = 0; row * width < raw.length; row++)
    rows.set(standardisedInput(raw.subarray(row * width, (row + 1) * width), means, scales), row * 2 * width)
  return rows
}

/** [n] the period of each instant; 0 where time is not divided. */
export function periodsOf(periods: readonly Period[], instants: Float64Array): Int32Array {
  return Int32Array.from(instants, (at) =>
    Math.max(
      0,
      periods.findLastIndex(({ from }) => from <= at),
    ),
  )
}
