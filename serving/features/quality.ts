import { investorVector, productVector } from '../../features/definitions/vectors.js'
import { type NewestKnown } from '../../features/history/newestKnown.js'
import { type ComparedFeature, compareFeatures } from '../../features/quality/compared.js'
import { type ColumnCounts, countsOf } from '../../features/quality/counts.js'
import { edgesFor, type FeatureReference } from '../../features/quality/reference.js'
import { type Rolling, rolling } from '../../features/quality/rolling.js'
import { type Catalogue } from '../../features/schema/catalogue.js'
import { type Digest } from '../../features/schema/ids.js'
import { type InvestorSnapshot } from '../../features/schema/records.js'
import { type Instant } from '../../features/schema/time.js'
import { type RangeCount } from '../rangeDoor.js'
import { freshnessOf, type SourceFreshness } from './freshness.js'

/** What is known of the features' quality at an instant. */
export type FeatureQuality = {
  readonly at: Instant
  readonly release: Digest | null
  /** Whether the release holds how its training set was distributed. */
  readonly reference: 'kept' | 'none' | 'unreadable'
  /** As of when it was; null unless it is kept. */
  readonly trainedAsOf: Instant | null
  /** Whose present values were compared: those that decisions read in the last day, or all that the store holds. */
  readonly compared: 'decisions' | 'store'
  /** Every compared feature, the most drifted first. */
  readonly features: readonly ComparedFeature[]
  readonly freshness: readonly SourceFreshness[]
  /** Rows of the history that the online store has not taken in; null: it does not say. */
  readonly storeLagRows: number | null
  readonly outOfRange: readonly RangeCount[]
}

/** What tells of the features' quality beside the vectors. */
export type QualitySources = {
  /** `unreadable`: it is kept, and damaged. */
  readonly featureReference: (release: Digest) => Promise<FeatureReference | null | 'unreadable'>
  readonly catalogue: () => Catalogue
  readonly catalogueKnownAt: () => Promise<Instant | null>
  readonly newest: () => Promise<readonly NewestKnown[]>
  readonly storeLagRows: () => Promise<number | null>
  readonly outOfRange: () => readonly RangeCount[]
}

/** Puts together what is told; `investors`: present values by column of the reference's bins. */
export async function qualityOf(
  sources: Omit<QualitySources, 'featureReference'>,
  given: {
    readonly at: Instant
    readonly release: Digest | null
    readonly reference: FeatureReference | null | 'unreadable'
    readonly compared: FeatureQuality['compared']
    readonly investors: readonly ColumnCounts[]
    readonly products: readonly ColumnCounts[]
  },
): Promise<FeatureQuality> {
  const { at, release, compared, investors, products } = given
  const reference = readable(given.reference)
  const catalogueKnownAt = await sources.catalogueKnownAt()
  return {
    at,
    release,
    reference: given.reference === 'unreadable' ? 'unreadable' : reference === null ? 'none' : 'kept',
    trainedAsOf: reference?.asOf ?? null,
    compared,
    features: compareFeatures(reference, { investor: investors, product: products }),
    freshness: freshnessOf(await sources.newest(), sources.catalogue(), catalogueKnownAt, at),
    storeLagRows: await sources.storeLagRows(),
    outOfRange: sources.outOfRange(),
  }
}

/** What there is to compare with. */
export const readable = (reference: FeatureReference | null | 'unreadable'): FeatureReference | null =>
  reference === 'unreadable' ? null : reference

/** The catalogue's products by column, as of an instant. */
export const productsNow = (
  { products }: Catalogue,
  reference: FeatureReference | null,
  at: Instant,
): readonly ColumnCounts[] =>
  countsOf(
    edgesFor(reference, 'product'),
    products.map((product) => productVector(product, at)),
  )

export type QualityWatch = {
  /** Counts what a personal decision by this release read of its investor, in fixed memory; nothing of who he is. */
  readonly read: (release: Digest, investor: InvestorSnapshot, at: Instant) => void
  /** `release`: by which is decided now. */
  readonly quality: (release: Digest | null) => Promise<FeatureQuality>
}

type Watched = {
  readonly release: Digest | null
  readonly reference: FeatureReference | null | 'unreadable'
  readonly seen: Rolling
}

/** `now`: ms UTC. Another release has another training set, so with it counting begins anew. */
export function qualityWatch(sources: QualitySources, now: () => Instant): QualityWatch {
  let watched: Watched | null = null
  let loading: Promise<Watched> | null = null
  let products: { key: string; counts: readonly ColumnCounts[] } | null = null

  const watch = async (release: Digest | null): Promise<Watched> => {
    const reference = release === null ? null : await sources.featureReference(release)
    return (watched = { release, reference, seen: rolling(edgesFor(readable(reference), 'investor')) })
  }
  const load = (release: Digest | null): Promise<Watched> =>
    (loading ??= watch(release).finally(() => (loading = null)))

  /** Their ages change by the day, so once an hour is often enough. */
  const productsOf = (reference: FeatureReference | null, release: Digest | null, at: Instant) => {
    const catalogue = sources.catalogue()
    const key = `${release ?? ''} ${catalogue.digest} ${Math.floor(at / 3_600_000)}`
    if (products?.key !== key) products = { key, counts: productsNow(catalogue, reference, at) }
    return products.counts
  }

  return {
    read: (release, investor, at) => {
      if (watched?.release === release) watched.seen.add(investorVector(investor, at), at)
      // No decision waits for it, or fails with it: those meanwhile are not counted. `quality` loads it again, and tells.
      else load(release).catch(() => undefined)
    },
    quality: async (release) => {
      while (watched?.release !== release) await load(release)
      const { reference, seen } = watched
      const at = now()
      const [investors, counted] = [seen.counts(at), productsOf(readable(reference), release, at)]
      return qualityOf(sources, { at, release, reference, compared: 'decisions', investors, products: counted })
    },
  }
}
