import { z } from 'zod'

/** How an evaluation is made: of how many, and how sure its intervals are. */
export const EvaluationConfig = z.strictObject({
  /** Length of the slates, and the k of every metric. */
  k: z.int().min(1).max(50).default(10),
  /** Investors judged at most, drawn by the seed; all where there are fewer. */
  investors: z.int().min(1).default(1000),
  /** Resamples of the bootstrap. */
  resamples: z.int().min(100).max(100_000).default(1000),
  /** Segments of fewer investors are left out: their intervals say nothing, and they come near to naming a person. */
  leastOfSegment: z.int().min(2).default(20),
  /** Holding times are judged up to here; a position held longer counts as this long. */
  holdingDays: z.int().min(1).default(180),
  /** Processor time of a decision, at the 99th percentile, above which a model is not promoted. */
  mostDecideMs: z.number().positive().default(50),
})
export type EvaluationConfig = z.infer<typeof EvaluationConfig>

export const defaultEvaluation: EvaluationConfig = EvaluationConfig.parse({})
