import { type Interactions as Recorded, interactionTypes } from '../../features/history/port.js'
import { type ProductId } from '../../features/schema/ids.js'

const purchase = interactionTypes.indexOf('purchase')

/** By product, how many investors had bought it; and how many had bought anything. */
export function buyersOf(recorded: Recorded): { buyers: ReadonlyMap<ProductId, number>; investors: number } {
  const products = new Map<ProductId, Set<number>>()
  const investors = new Set<number>()
  recorded.rows.product.forEach((product, row) => {
    const [id, investor] = [recorded.productIds[product], recorded.rows.investor[row]]
    if (recorded.rows.type[row] !== purchase || id === undefined || investor === undefined) return
    investors.add(investor)
    products.set(id, (products.get(id) ?? new Set<number>()).add(investor))
  })
  return { buyers: new Map([...products].map(([id, who]) => [id, who.size])), investors: investors.size }
}
