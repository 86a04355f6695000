import { z } from 'zod'
import { ProductId } from './ids.js'
import { LocalDate } from './time.js'

/** One net asset value, in units of the product's currency. */
export const Nav = z.strictObject({
  productId: ProductId,
  date: LocalDate,
  nav: z.number().positive().max(1e9),
  /** False where the step to this NAV is a split or a distribution, and so no gain or loss. */
  isReturn: z.boolean().default(true),
})
export type Nav = z.infer<typeof Nav>
