import { z } from 'zod'

/** What a fit told of itself on the way: what was minimised, a value after so many steps or iterations. */
export const Curve = z.strictObject({
  /** What the values are: `loss`, `objective`. */
  name: z.string().min(1),
  /** What is counted along the curve: `step`, `iteration`. */
  by: z.string().min(1),
  /** [at, value], `at` ascending from 1; the mean of the values since the point before. */
  points: z.array(z.tuple([z.int().min(1), z.number()])).min(1),
})
export type Curve = z.infer<typeof Curve>

/** Points that a curve keeps at most: a page shows no more. */
const mostPoints = 200

/** A curve of one value a step, in runs of equal length whose mean stands at their last step; null without a value. */
export function curveOf(name: string, by: string, values: readonly number[]): Curve | null {
  if (values.length === 0) return null
  const run = Math.ceil(values.length / mostPoints)
  const points = Array.from({ length: Math.ceil(values.length / run) }, (_, place): [number, number] => {
    const own = values.slice(place * run, (place + 1) * run)
    return [place * run + own.length, own.reduce((sum, value) => sum + value, 0) / own.length]
  })
  return { name, by, points }
}
