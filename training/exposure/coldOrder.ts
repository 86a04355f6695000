import { interactionTypes } from '../../features/history/port.js'
import { compareIds, type ProductId } from '../../features/schema/ids.js'
import { type Product } from '../../features/schema/product.js'
import { dayNumber, type Instant } from '../../features/schema/time.js'
import { buyersOf } from './buyers.js'
import { type ExposureFacts } from './floors.js'

const dayMs = 86_400_000
/** Days in which a view counts half. */
const viewHalfLife = 30
/** What a product that is new today counts, in views of today, and the days in which that falls to a third. */
const [newness, newnessDays] = [3, 90]

/**
 * The products that nobody had bought, those first to which attention goes: Σ over views of 2^(−age / 30 days), and
 * 3 e^(−age / 90 days) of its inception. Ties by id.
 */
export function coldOrder({ recorded, asOf, catalogue }: ExposureFacts): ProductId[] {
  const { buyers } = buyersOf(recorded)
  const attention = viewsOf(recorded, asOf)
  return catalogue.products
    .filter(({ id }) => !buyers.has(id))
    .map((product) => ({ id: product.id, score: (attention.get(product.id) ?? 0) + newnessOf(product, asOf) }))
    .sort((a, b) => b.score - a.score || compareIds(a.id, b.id))
    .map(({ id }) => id)
}

function viewsOf({ rows, productIds }: ExposureFacts['recorded'], asOf: Instant): Map<ProductId, number> {
  const view = interactionTypes.indexOf('view')
  const views = new Map<ProductId, number>()
  rows.type.forEach((type, row) => {
    const id = productIds[rows.product[row] ?? -1]
    if (type !== view || id === undefined) return
    const age = (asOf - (rows.at[row] ?? asOf)) / dayMs
    views.set(id, (views.get(id) ?? 0) + 2 ** (-age / viewHalfLife))
  })
  return views
}

function newnessOf({ inceptionDate }: Product, asOf: Instant): number {
  if (inceptionDate === null) return 0
  const age = Math.max(0, asOf / dayMs - dayNumber(inceptionDate))
  return newness * Math.exp(-age / newnessDays)
}
