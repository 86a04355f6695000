import { z } from 'zod'
import { type Floor, Floors } from '../../engine/ranking/floor.js'
import { type Interactions as Recorded } from '../../features/history/port.js'
import { type Catalogue } from '../../features/schema/catalogue.js'
import { compareIds, CompanyId } from '../../features/schema/ids.js'
import { type Instant } from '../../features/schema/time.js'
import { buyersOf } from './buyers.js'
import { coldOrder } from './coldOrder.js'

/**
 * As a config asks for it. `cold`: products that nobody had bought when it was trained, as coldOrder.ts orders them;
 * `smallest`: of all companies, that share of them that had sold least by then.
 */
const AskedFloor = z.strictObject({
  name: z.string().min(1).max(100),
  minShareBps: z.int().min(1).max(10_000),
  of: z.union([
    z.literal('cold'),
    z.strictObject({ companies: z.array(CompanyId).min(1) }),
    z.strictObject({ smallest: z.number().gt(0).lt(1) }),
  ]),
})

/** Exposure of companies: it goes into the releases of a run and changes nothing of its model. */
export const Exposure = z.strictObject({
  floors: z
    .array(AskedFloor)
    .default([])
    .refine((floors) => floors.reduce((sum, { minShareBps }) => sum + minShareBps, 0) <= 10_000, {
      error: 'together they ask for more than 10000 basis points',
    }),
})
export type Exposure = z.infer<typeof Exposure>

/** What the floors of a config are resolved by: what the model learnt from, and the catalogue of the release. */
export type ExposureFacts = { readonly recorded: Recorded; readonly asOf: Instant; readonly catalogue: Catalogue }

/** What a release is given: ids, so that the record tells for whom a place was kept. One without any of them is left out. */
export function floorsOf(exposure: Exposure, facts: ExposureFacts): readonly Floor[] {
  const floors = exposure.floors.flatMap(({ of, ...rest }): Floor[] => {
    if (of !== 'cold') return [{ ...rest, of: 'companies' in of ? of : { companies: smallest(of.smallest, facts) } }]
    const products = coldOrder(facts).slice(0, mostListed)
    return products.length === 0 ? [] : [{ ...rest, of: { products } }]
  })
  return floors.length === 0 ? [] : Floors.parse(floors)
}

/** Cold products that are told; whoever may be shown none of so many has no place kept. */
const mostListed = 1000

/** At least one; by the investors who had bought each product, ties by id. */
function smallest(share: number, { recorded, catalogue }: ExposureFacts): CompanyId[] {
  const { buyers } = buyersOf(recorded)
  const sold = new Map<CompanyId, number>()
  for (const { id, companyId } of catalogue.products)
    sold.set(companyId, (sold.get(companyId) ?? 0) + (buyers.get(id) ?? 0))
  return [...sold]
    .sort(([a, x], [b, y]) => x - y || compareIds(a, b))
    .slice(0, Math.max(1, Math.floor(share * sold.size)))
    .map(([id]) => id)
    .sort(compareIds)
}
