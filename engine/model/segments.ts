import { z } from 'zod'
import { ageYears } from '../../features/definitions/investor/ageYears.js'
import { toleranceLevel } from '../../features/definitions/investor/toleranceLevel.js'
import { type InvestorSnapshot } from '../../features/schema/records.js'
import { type Instant } from '../../features/schema/time.js'
import { type Artifact } from './artifact.js'
import { type Model } from './model.js'
import { floats } from './tensors.js'

/** By what investors are told apart: tolerance C1 to C5, or age under 30, 45, 60 and from there on. */
export const SegmentBy = z.enum(['level', 'age'])
export type SegmentBy = z.infer<typeof SegmentBy>

const olderFrom = [30, 45, 60]
export const segmentCounts: Readonly<Record<SegmentBy, number>> = { level: 5, age: olderFrom.length + 1 }

/** What is read to tell them. */
export const segmentFeatures: Readonly<Record<SegmentBy, string>> = { level: 'tolerance_level@1', age: 'age@1' }

/** From 0; null where what tells it is unknown. */
export function segmentAt(by: SegmentBy, investor: InvestorSnapshot, at: Instant): number | null {
  const value = (by === 'level' ? toleranceLevel : ageYears).value({ investor, at })
  if (value === null) return null
  return by === 'level' ? value - 1 : olderFrom.filter((years) => value >= years).length
}

/** [n] the scores of an investor's segment, where a popularity model has any; null where his is unknown. */
export function segmentScores(artifact: Artifact, count: number): Model['scores'] {
  if (artifact.metadata['segmentsBy'] === undefined) return undefined
  const by = SegmentBy.safeParse(artifact.metadata['segmentsBy'])
  if (!by.success) throw new Error('model file: __metadata__.segmentsBy: want level or age')
  const scores = floats(artifact, 'segments', [segmentCounts[by.data], count])
  return (investor, at) => {
    const segment = segmentAt(by.data, investor, at)
    return segment === null ? null : Float64Array.from(scores.subarray(segment * count, (segment + 1) * count))
  }
}
