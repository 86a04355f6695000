import { z } from 'zod'

/** A figure with its 95 % interval, from n investors that have a value. */
export const Measured = z.strictObject({
  value: z.number(),
  low: z.number(),
  high: z.number(),
  n: z.int().min(1),
})
export type Measured = z.infer<typeof Measured>
