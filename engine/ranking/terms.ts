import { z } from 'zod'

/**
 * What one column of a candidate's features is; `times`: multiplied by an investor feature (its id), standardised, or by
 * what pastFacts.ts says of his past.
 */
export const Term = z.discriminatedUnion('of', [
  /** The z-score, among the candidates, of a component's score. */
  z.strictObject({ of: z.literal('score'), component: z.int().min(0), times: z.string().nullable() }),
  /** 1 / (1 + place) among the candidates by a component's score, the best at place 0. */
  z.strictObject({ of: z.literal('rank'), component: z.int().min(0), times: z.string().nullable() }),
  /** log(score + floor) of a component's score, nothing below 0: chances multiply where logarithms are added. */
  z.strictObject({
    of: z.literal('log-score'),
    component: z.int().min(0),
    floor: z.number().min(1e-9).max(1e9),
    times: z.string().nullable(),
  }),
  /** log(1 + place) among the candidates by a component's score. */
  z.strictObject({ of: z.literal('log-rank'), component: z.int().min(0), times: z.string().nullable() }),
  /** A number that the artifact holds of each product: its trend, say, as of the training. */
  z.strictObject({ of: z.literal('product'), column: z.string(), times: z.string().nullable() }),
  /** A feature of investor and product (its id), standardised; 0 where it is unknown. */
  z.strictObject({ of: z.literal('pair'), feature: z.string(), times: z.string().nullable() }),
  /** The share of his past that is of the candidate's group: the same company, say. */
  z.strictObject({ of: z.literal('same'), group: z.string(), times: z.string().nullable() }),
])
export type Term = z.infer<typeof Term>

/** One thing that the ranking looks at, linear in the terms; `weight` is its part in the whole. */
export const Head = z.strictObject({
  name: z.string().min(1),
  /** So small that sums of heads stay finite. */
  weight: z.number().min(-1e18).max(1e18),
  /** z-scored among the candidates before it is weighted, so that heads of other units can be added. */
  normalised: z.boolean(),
})
export type Head = z.infer<typeof Head>
