import { z } from 'zod'
import { Digest } from '../../features/schema/ids.js'
import { ProductKind } from '../../features/schema/levels.js'
import { InstantText } from '../../features/schema/time.js'
import { EvaluationConfig } from './config.js'
import { FloorsReport } from './floors.js'
import { FrontPoint } from './front.js'
import { Measured } from './measured.js'
import { ObjectivePoint } from './objectives.js'

export { Measured }

/** What is measured of one investor's slate, and averaged; each stands in a file of training/metrics. */
export const slateMetrics = [
  'ndcg',
  'recall',
  'mrr',
  'hitRate',
  'novelty',
  'diversity',
  'calibration',
  'coherence',
  'aboveTolerance',
  'return30d',
  'returnCoverage',
  'holdingDays',
] as const

/** What is measured of all slates together. */
export const collectionMetrics = ['coverage', 'companyGini', 'topCompanyShare'] as const

export const MetricName = z.enum([...slateMetrics, ...collectionMetrics])
export type MetricName = z.infer<typeof MetricName>

/** Which way a metric is better; null: neither, a description. `calibration` is a divergence. */
export const betterIs: Readonly<Record<MetricName, 'higher' | 'lower' | null>> = {
  ndcg: 'higher',
  recall: 'higher',
  mrr: 'higher',
  hitRate: 'higher',
  novelty: null,
  diversity: null,
  calibration: 'lower',
  coherence: 'higher',
  aboveTolerance: 'lower',
  return30d: 'higher',
  returnCoverage: null,
  holdingDays: 'higher',
  coverage: 'higher',
  companyGini: 'lower',
  topCompanyShare: 'lower',
}

/** A metric of which nobody in the segment has a value is left out. */
export const Metrics = z.partialRecord(MetricName, Measured)
export type Metrics = z.infer<typeof Metrics>

export const SegmentKind = z.enum(['all', 'activity', 'level', 'age'])
export type SegmentKind = z.infer<typeof SegmentKind>

/** With the live pack, with `eval-open`, which permits all, and the price of suitability: off − on, paired. */
const bySuitability = { on: Metrics, off: Metrics }
const segment = { by: SegmentKind, name: z.string().min(1), investors: z.int().min(1) }
export const Segment = z.strictObject({ ...segment, ...bySuitability, price: Metrics })
export type Segment = z.infer<typeof Segment>
/** The model less another, on the same investors. */
export const SegmentDifference = z.strictObject({ ...segment, ...bySuitability })
export type SegmentDifference = z.infer<typeof SegmentDifference>

/** Counts over all slates of a model under one pack. */
export const Totals = z.strictObject({
  shown: z.int().min(0),
  /** Empty slates: the rules permitted nothing. They count 0 in the metrics of accuracy. */
  refused: z.int().min(0),
  /** Shown though a rule of the live pack forbids it: 0 with suitability on. */
  violations: z.int().min(0),
  /** Shown though its level R is above the investor's C, or either is unknown: 0 with suitability on under cn-2026. */
  aboveTolerance: z.int().min(0),
  /** Products that the compiled rules permitted and the reference evaluator did not: 0, always. */
  disagreements: z.int().min(0),
  /** Times shown, most first; companies that were never shown are left out. */
  companies: z.array(z.strictObject({ companyId: z.string(), shown: z.int().min(1) })),
  /** Mix of kinds as shares: of what the judged investors had bought before the cut, and of what they were shown. */
  kinds: z.array(z.strictObject({ kind: ProductKind, bought: z.number(), shown: z.number() })),
})
export type Totals = z.infer<typeof Totals>

/** Restricted mean days held of the held-out purchases (Kaplan–Meier), by whether the model had shown them. */
export const HeldShown = z.strictObject({
  days: z.int().min(1),
  shown: Measured,
  notShown: Measured,
  difference: Measured,
})
export type HeldShown = z.infer<typeof HeldShown>

export const ModelName = z.enum(['candidate', 'popularity', 'incumbent'])
export type ModelName = z.infer<typeof ModelName>

export const ModelEvaluation = z.strictObject({
  name: ModelName,
  kind: z.string().min(1),
  /** The run that it is of; null where it is of none yet. */
  runId: z.string().nullable(),
  /** `refitted`: its config on what was known before the cut; `served`: the very model that serves, older than the cut. */
  as: z.enum(['refitted', 'served']),
  /** `all` first. */
  segments: z.array(Segment).min(1),
  on: Totals,
  off: Totals,
  /** With suitability on; null where too few were held out, or nothing is known of holding. */
  held: HeldShown.nullable(),
})
export type ModelEvaluation = z.infer<typeof ModelEvaluation>

const PackName = z.strictObject({ id: z.string(), digest: Digest })

/** `evaluation.json` of a run: slates by `decide`, judged on the latest purchases, which no model in it has seen. */
export const EvaluationReport = z.strictObject({
  v: z.literal(1),
  /** From here on purchases are held out. */
  cut: InstantText,
  asOf: InstantText,
  seed: z.int(),
  config: EvaluationConfig,
  /** Who bought something new after the cut, and how many of them were judged. */
  eligible: z.int().min(1),
  investors: z.int().min(1),
  packs: z.strictObject({ on: PackName, off: PackName }),
  /** New purchases of the judged after the cut, and the share of them that the live pack would not have recommended. */
  heldOut: z.strictObject({ purchases: z.int().min(1), forbidden: z.int().min(0), forbiddenShare: Measured }),
  /** What `coherence` would be of products drawn at random from the catalogue. */
  randomCoherence: Measured.nullable(),
  /** The candidate first, popularity always; the incumbent where there is one. */
  models: z.array(ModelEvaluation).min(2),
  /** Processor time that the candidate's decisions took with suitability on, ms; absent where no clock was given. */
  decideMs: z.strictObject({ median: z.number().min(0), p99: z.number().min(0), decisions: z.int().min(1) }).optional(),
  /** Of the candidate: what caps on companies and kinds cost and gain. Reports of before it was measured have none. */
  front: z.array(FrontPoint).optional(),
  /** Of the candidate: what weights of objectives cost and gain. Absent where it was not measured. */
  objectives: z.array(ObjectivePoint).optional(),
  /** Of the candidate, where its config asks for floors of exposure. */
  floors: FloorsReport.optional(),
  /** The candidate less each of the others, paired. */
  differences: z.array(
    z.strictObject({ against: ModelName.exclude(['candidate']), segments: z.array(SegmentDifference).min(1) }),
  ),
})
export type EvaluationReport = z.infer<typeof EvaluationReport>

export const evaluationOf = (report: EvaluationReport, name: ModelName): ModelEvaluation | undefined =>
  report.models.find((model) => model.name === name)
