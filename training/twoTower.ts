import { createHash } from 'node:crypto'
import { type Interactions as Recorded } from '../features/history/port.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { compareIds, type InvestorId } from '../features/schema/ids.js'
import { ProductKind } from '../features/schema/levels.js'
import { type InvestorRecord } from '../features/schema/records.js'
import { type Instant } from '../features/schema/time.js'
import { curveOf } from './curves.js'
import { examplesOf, newestPurchases } from './examples.js'
import { type TwoTowerConfig } from './models/config.js'
import { type Progress } from './models/ials.js'
import { twoTowerArtifact } from './models/twoTower/artifact.js'
import { type Encoded, encodedCount, encodeExamples } from './models/twoTower/encode.js'
import { fitTwoTower } from './models/twoTower/fit.js'
import { productFactsOf } from './models/twoTower/productFacts.js'
import { type Trained } from './serving.js'
import { type Backend } from './tensorflow/backend.js'

export type TwoTowerExamples = {
  readonly catalogue: Catalogue
  /** `CatalogueLog.asOf(null, instant)` at each of `periodStarts`: what examples of that time see of the products. */
  readonly pastCatalogues: readonly Catalogue[]
  /** `History.interactions(asOf)` */
  readonly recorded: Recorded
  /** `profilesById(History.profilesKnown(asOf))` */
  readonly profiles: ReadonlyMap<InvestorId, readonly InvestorRecord[]>
  readonly config: TwoTowerConfig
  readonly seed: number
  readonly asOf: Instant
  readonly backend: Backend
  readonly onProgress?: Progress
}

/**
 * Trains the two-tower model over the whole catalogue. The same seed and backend give the same bytes. Rejects with a
 * RangeError for an empty catalogue, an Error without a purchase to learn from.
 */
export async function trainTwoTower(options: TwoTowerExamples): Promise<Trained> {
  const { catalogue, recorded, profiles, config, seed, backend } = options
  if (catalogue.products.length === 0) throw new RangeError('two-tower: the catalogue is empty; import products first')
  const from = newestPurchases(recorded, config.mostExamples)
  const encoded = encodeExamples(examplesOf({ recorded, profiles }, from), catalogue.ordinalOf, config)
  if (encodedCount(encoded) === 0)
    throw new Error('two-tower: there is no purchase of a product of the catalogue to learn from; import events first')
  const facts = productFactsOf(catalogue, options.pastCatalogues, options.asOf)
  const companyIds = [...new Set(catalogue.products.map(({ companyId }) => companyId))].sort(compareIds)
  const companyOf = new Map(companyIds.map((id, ordinal) => [id, ordinal]))
  const sizes = {
    products: catalogue.products.length,
    companies: companyIds.length,
    kinds: ProductKind.options.length,
    factWidth: facts.width,
    investorWidth: 2 * encoded.featureNames.length,
  }
  const input = {
    encoded,
    goods: {
      facts,
      companies: Int32Array.from(catalogue.products, ({ companyId }) => companyOf.get(companyId) ?? 0),
      kinds: Int32Array.from(catalogue.products, ({ kind }) => ProductKind.options.indexOf(kind)),
    },
    sizes,
  }
  const fitted = await fitTwoTower(backend.tf, input, config, seed, options.onProgress)
  const popularity = countsOf(encoded.targets, sizes.products)
  const productIds = catalogue.products.map(({ id }) => id)
  const learnt = { fitted, sizes, facts, investorFeatures: encoded.featureNames, productIds, companyIds, popularity }
  return {
    artifact: twoTowerArtifact(learnt, config, seed, backend.name),
    config,
    because: `the config asks for two-tower; trained on ${backend.name}, for ${backend.because}`,
    dataDigest: digestOf(catalogue, facts.periods, encoded),
    curve: curveOf('loss', 'step', fitted.stepLosses),
    counts: {
      investors: new Set(recorded.rows.investor).size,
      products: sizes.products,
      pairs: encodedCount(encoded),
      warmProducts: popularity.filter((count) => count > 0).length,
    },
  }
}

const monthMs = 30 * 86_400_000

/** Instants, 30 days apart, from the first interaction to `asOf`: those whose catalogues are the `pastCatalogues`. */
export function periodStarts({ rows }: Recorded, asOf: Instant): Instant[] {
  const first = rows.at.reduce((least, at) => Math.min(least, at), asOf)
  return Array.from({ length: Math.floor((asOf - first) / monthMs) + 1 }, (_, month) => first + month * monthMs)
}

function countsOf(targets: Int32Array, products: number): Float32Array {
  const counts = new Float32Array(products)
  for (const target of targets) counts[target] = (counts[target] ?? 0) + 1
  return counts
}

function digestOf(
  catalogue: Catalogue,
  periods: readonly { readonly facts: Float32Array }[],
  { features, targets, at, bagStarts, bagRows, bagWeights }: Encoded,
): string {
  const hash = createHash('sha256').update(catalogue.digest)
  const arrays = [...periods.map(({ facts }) => facts), features, targets, at, bagStarts, bagRows, bagWeights]
  for (const numbers of arrays) hash.update(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength))
  return `sha256:${hash.digest('hex')}`
}
