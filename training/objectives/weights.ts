import { z } from 'zod'

/** Beside a z-score of 1: what is above it would drown the model. */
const weight = z.number().min(0).max(10).default(0)

/** What the ranking looks at beside the model's own score, after suitability; heads.ts says in which units. */
export const ObjectiveWeights = z.strictObject({
  /** Of the squared distance of a product's level from the investor's. */
  coherence: weight,
  /** Of the log odds of being held for half a year. */
  holding: weight,
  /** Of the return over the twelve months up to the fit, standardised over the catalogue. */
  return: weight,
})
export type ObjectiveWeights = z.infer<typeof ObjectiveWeights>

export const noObjectives: ObjectiveWeights = { coherence: 0, holding: 0, return: 0 }

type Weighing = {
  readonly kind: string
  readonly objectives?: ObjectiveWeights | undefined
  readonly holdingWeight?: number
}

/** What a config weighs; a blend may say the weight of holding by `holdingWeight`. */
export const objectivesOf = ({ objectives = noObjectives, holdingWeight = 0 }: Weighing): ObjectiveWeights => ({
  ...objectives,
  holding: objectives.holding + holdingWeight,
})

export const weighsAny = (config: Weighing): boolean => Object.values(objectivesOf(config)).some((one) => one > 0)
