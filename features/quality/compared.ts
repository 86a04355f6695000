import { featureId } from '../definitions/feature.js'
import { type ColumnCounts } from './counts.js'
import { type Drift, driftOf, psi, psiByChance } from './psi.js'
import {
  comparedEntities,
  type ComparedEntity,
  comparedFeatures,
  type FeatureReference,
  type ReferenceColumn,
} from './reference.js'

/** A bin holds values above `from` up to `to`; null: without end. `training`, `now`: shares of the known values. */
export type ComparedBin = {
  readonly from: number | null
  readonly to: number | null
  readonly training: number
  readonly now: number
}

/** A share, and of how many values; null of none. */
export type Share = { readonly share: number | null; readonly of: number }

export type ComparedFeature = {
  readonly entity: ComparedEntity
  readonly name: string
  readonly version: number
  readonly unit: string
  readonly meaning: string
  /** The trade that answers for it. */
  readonly owner: string
  /** Null where one side has no known value. */
  readonly psi: number | null
  /** What PSI would come to by chance; null as `psi`. */
  readonly byChance: number | null
  readonly drift: Drift
  readonly missing: { readonly training: Share; readonly now: Share }
  /** None where the training set is not known. */
  readonly bins: readonly ComparedBin[]
}

/** Every compared feature, those with the largest PSI first, those of which nothing can be told last. */
export function compareFeatures(
  reference: FeatureReference | null,
  now: Readonly<Record<ComparedEntity, readonly ColumnCounts[]>>,
): readonly ComparedFeature[] {
  const rank = ({ psi, drift }: ComparedFeature): number => (drift === 'unknown' ? -1 : (psi ?? -1))
  return comparedEntities
    .flatMap((entity) => {
      const training = new Map(reference?.[entity].map((column) => [column.id, column]))
      return comparedFeatures[entity].map((feature, column) => ({
        entity,
        name: feature.name,
        version: feature.version,
        unit: feature.unit,
        meaning: feature.meaning,
        owner: feature.owner,
        ...compareColumn(training.get(featureId(feature)) ?? null, now[entity][column] ?? { bins: [], missing: 0 }),
      }))
    })
    .sort((a, b) => rank(b) - rank(a))
}

const total = (bins: readonly number[]): number => bins.reduce((sum, count) => sum + count, 0)
const shareOf = (part: number, of: number): Share => ({ share: of === 0 ? null : part / of, of })

function compareColumn(
  training: ReferenceColumn | null,
  now: ColumnCounts,
): Pick<ComparedFeature, 'psi' | 'byChance' | 'drift' | 'missing' | 'bins'> {
  const [n, m] = [total(training?.bins ?? []), total(now.bins)]
  const missing = {
    training: shareOf(training?.missing ?? 0, n + (training?.missing ?? 0)),
    now: shareOf(now.missing, m + now.missing),
  }
  if (training === null) return { psi: null, byChance: null, drift: 'unknown', missing, bins: [] }
  const shares = (bins: readonly number[], of: number): number[] =>
    training.bins.map((_, bin) => (of === 0 ? 0 : (bins[bin] ?? 0) / of))
  const [expected, actual] = [shares(training.bins, n), shares(now.bins, m)]
  const bins = boundsOf(training.edges).map((bounds, bin) => ({
    ...bounds,
    training: expected[bin] ?? 0,
    now: actual[bin] ?? 0,
  }))
  if (n === 0 || m === 0) return { psi: null, byChance: null, drift: 'unknown', missing, bins }
  const value = psi(expected, actual)
  const byChance = psiByChance(training.bins.filter((count) => count > 0).length, n, m)
  return { psi: value, byChance, drift: driftOf(value, byChance, Math.min(n, m)), missing, bins }
}

/** As `binOf` has them; the bin of the first edge alone has it as both bounds. */
function boundsOf(edges: readonly number[]): readonly Pick<ComparedBin, 'from' | 'to'>[] {
  const [first, last] = [edges[0] ?? null, edges.at(-1) ?? null]
  if (first === null) return [{ from: null, to: null }]
  return [
    { from: null, to: first },
    ...edges.map((to, place) => ({ from: edges[Math.max(0, place - 1)] ?? first, to })),
    { from: last, to: null },
  ]
}
