import { type ComparedFeature } from '../../features/quality/compared.js'
import { type FeatureQuality } from '../features/quality.js'
import { readings } from './metrics.js'

/** Gauges of the features' quality; labels are names of features, sources and fields: bounded sets, and nobody's. */
export function qualityMetrics() {
  const psi = readings(
    'aptus_feature_psi',
    'Population stability index of what decisions read in 24 hours against the training set; only where there is enough to tell.',
    'gauge',
  )
  const missing = readings(
    'aptus_feature_missing_ratio',
    'Share of missing values, of the training set and of what decisions read in 24 hours.',
    'gauge',
  )
  const freshness = readings('aptus_feature_freshness_seconds', 'Age of the newest fact of a source.', 'gauge')
  const storeLag = readings('aptus_feature_store_lag_rows', 'Rows of the history not yet in the online store.', 'gauge')
  const labelled = ({ entity, name }: ComparedFeature, more: Readonly<Record<string, string>> = {}) => ({
    entity,
    feature: name,
    ...more,
  })
  return {
    all: [psi, missing, freshness, storeLag],
    /** null: nothing is known now, and nothing is shown. */
    set: (quality: FeatureQuality | null): void => {
      const features = quality?.features ?? []
      psi.set(
        features.flatMap((feature) =>
          feature.psi === null || feature.drift === 'unknown'
            ? []
            : [{ labels: labelled(feature), value: feature.psi }],
        ),
      )
      missing.set(
        features.flatMap((feature) =>
          (['training', 'now'] as const).flatMap((side) => {
            const { share } = feature.missing[side]
            return share === null ? [] : [{ labels: labelled(feature, { side }), value: share }]
          }),
        ),
      )
      freshness.set(
        (quality?.freshness ?? []).flatMap(({ source, seconds }) =>
          seconds === null ? [] : [{ labels: { source }, value: seconds }],
        ),
      )
      storeLag.set(
        quality === null || quality.storeLagRows === null ? [] : [{ labels: {}, value: quality.storeLagRows }],
      )
    },
  }
}
