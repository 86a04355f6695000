import { randomFor } from '../features/definitions/random.js'
import { investorVector, productVector } from '../features/definitions/vectors.js'
import { type Interactions as Recorded, interactionTypes } from '../features/history/port.js'
import { type FeatureReference, referenceOf } from '../features/quality/reference.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type InvestorId } from '../features/schema/ids.js'
import { type InvestorRecord } from '../features/schema/records.js'
import { type Instant } from '../features/schema/time.js'
import { examplesOf, profilesById } from './examples.js'

/** About so many training rows are sampled: by them PSI varies by chance by less than 0.001. */
const mostRows = 20_000

export type ReferenceFacts = {
  readonly catalogue: Catalogue
  /** `History.interactions(asOf)` */
  readonly recorded: Recorded
  /** `History.profilesKnown(asOf)` */
  readonly profiles: AsyncIterable<readonly InvestorRecord[]>
  readonly asOf: Instant
  readonly seed: number
}

/** [n] of [d] each, NaN for a missing value; of investors in the order of `investorFeatures`, of products likewise. */
export type TrainingVectors = {
  readonly investors: readonly Float32Array[]
  readonly products: readonly Float32Array[]
}

/**
 * Investors as they were known at each purchase from `since` on, of a sample of them, and the catalogue's products at
 * `asOf`. Whole investors are sampled, so that only their profiles are held.
 */
export async function vectorsOfTraining(facts: ReferenceFacts, since: Instant = -Infinity): Promise<TrainingVectors> {
  const { catalogue, asOf, seed } = facts
  const { recorded, kept } = sampled(facts.recorded, seed)
  const profiles = await profilesById(only(facts.profiles, kept))
  const investors = Array.from(examplesOf({ recorded, profiles }, since), ({ investor, at }) =>
    investorVector(investor, at),
  )
  return { investors, products: catalogue.products.map((product) => productVector(product, asOf)) }
}

/** What the training set looked like. */
export async function referenceOfTraining(facts: ReferenceFacts): Promise<FeatureReference> {
  const { investors, products } = await vectorsOfTraining(facts)
  return referenceOf(facts.asOf, investors, products)
}

/** The rows of so many investors, drawn by the seed, that about `mostRows` purchases are theirs. */
function sampled(recorded: Recorded, seed: number): { recorded: Recorded; kept: ReadonlySet<InvestorId> } {
  const { investorIds, productIds, rows } = recorded
  const purchase = interactionTypes.indexOf('purchase')
  const purchases = rows.type.reduce((count, type) => count + Number(type === purchase), 0)
  const random = randomFor(seed, 'feature-reference')
  const drawn = investorIds.map(() => random.uniform() * purchases < mostRows)
  const places = [...rows.investor.keys()].filter((row) => drawn[rows.investor[row] ?? -1])
  const pick = <T extends Int32Array | Float64Array | Uint8Array>(from: T, make: (values: number[]) => T): T =>
    make(places.map((row) => from[row] ?? 0))
  return {
    recorded: {
      ...recorded,
      investorIds,
      productIds,
      rows: {
        investor: pick(rows.investor, (values) => Int32Array.from(values)),
        product: pick(rows.product, (values) => Int32Array.from(values)),
        at: pick(rows.at, (values) => Float64Array.from(values)),
        knownAt: pick(rows.knownAt, (values) => Float64Array.from(values)),
        type: pick(rows.type, (values) => Uint8Array.from(values)),
      },
    },
    kept: new Set(investorIds.filter((_, investor) => drawn[investor])),
  }
}

async function* only(
  batches: AsyncIterable<readonly InvestorRecord[]>,
  kept: ReadonlySet<InvestorId>,
): AsyncGenerator<readonly InvestorRecord[]> {
  for await (const batch of batches) yield batch.filter(({ value }) => kept.has(value.id))
}
