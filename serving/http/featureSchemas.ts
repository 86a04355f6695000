import { z } from 'zod'
import { drifts } from '../../features/quality/psi.js'
import { comparedEntities } from '../../features/quality/reference.js'
import { Digest } from '../../features/schema/ids.js'
import { formatInstant, InstantText } from '../../features/schema/time.js'
import { type FeatureQuality } from '../features/quality.js'

const count = z.int().min(0)
const share = z.number().min(0).max(1)
const Share = z.strictObject({ share: share.nullable(), of: count })

export const ComparedFeatureAnswer = z.strictObject({
  entity: z.enum(comparedEntities),
  name: z.string(),
  version: z.int().min(1),
  unit: z.string(),
  meaning: z.string(),
  owner: z.string(),
  psi: z
    .number()
    .nullable()
    .describe('Population stability index over the bins; null where one side has no known value'),
  byChance: z.number().nullable().describe('What it would come to on average if nothing had changed'),
  drift: z.enum(drifts).describe('little: below 0.1; some: below 0.25; much; unknown: too few values to tell'),
  missing: z.strictObject({ training: Share, now: Share }),
  bins: z
    .array(z.strictObject({ from: z.number().nullable(), to: z.number().nullable(), training: share, now: share }))
    .describe('Shares of the known values above `from` up to `to`; both alike: at that value, null: without end'),
})

export const FeatureQualityAnswer = z.strictObject({
  at: InstantText,
  release: Digest.nullable(),
  reference: z
    .enum(['kept', 'none', 'unreadable'])
    .describe('Whether the release holds how its training set was distributed; without it no PSI is told'),
  trainedAsOf: InstantText.nullable(),
  compared: z.enum(['decisions', 'store']),
  features: z.array(ComparedFeatureAnswer),
  freshness: z.array(
    z.strictObject({ source: z.string(), at: InstantText.nullable(), seconds: z.number().min(0).nullable() }),
  ),
  storeLagRows: z.int().nullable(),
  outOfRange: z.array(z.strictObject({ field: z.string(), refused: count, odd: count })),
})

/** As JSON has it. */
export const qualityAnswer = (quality: FeatureQuality): z.input<typeof FeatureQualityAnswer> => ({
  ...quality,
  at: formatInstant(quality.at),
  trainedAsOf: quality.trainedAsOf === null ? null : formatInstant(quality.trainedAsOf),
  features: quality.features.map((feature) => ({ ...feature, bins: [...feature.bins] })),
  freshness: quality.freshness.map((each) => ({ ...each, at: each.at === null ? null : formatInstant(each.at) })),
  outOfRange: [...quality.outOfRange],
})
