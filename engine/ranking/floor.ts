import { z } from 'zod'
import { CompanyId, ProductId } from '../../features/schema/ids.js'

/** Basis points. */
export const whole = 10_000

/** A share of the places of slates that is kept for some products, where an investor may be shown any of them. */
const Floor = z.strictObject({
  name: z.string().min(1).max(100),
  minShareBps: z.int().min(1).max(whole),
  /**
   * All products of companies, the best of them by score; or products, the first of them that may be shown, those before
   * others that he looked at.
   */
  of: z.union([
    z.strictObject({ companies: z.array(CompanyId).min(1) }),
    z.strictObject({ products: z.array(ProductId).min(1).max(10_000) }),
  ]),
})
export type Floor = z.infer<typeof Floor>

/** Together no more than all places; a product of two floors counts for both. */
export const Floors = z
  .array(Floor)
  .min(1)
  .max(1000)
  .refine((floors) => sumOf(floors) <= whole, `floors: together they ask for more than ${whole} basis points`)

const sumOf = (floors: readonly Pick<Floor, 'minShareBps'>[]): number =>
  floors.reduce((sum, { minShareBps }) => sum + minShareBps, 0)
