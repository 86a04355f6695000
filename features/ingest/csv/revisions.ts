import { compareIds, type ProductId } from '../../schema/ids.js'
import { type NavFacts, type Product } from '../../schema/product.js'
import { type Known, type ProductRecord } from '../../schema/records.js'
import { type Instant } from '../../schema/time.js'

const latestBy = <T>(known: readonly Known<T>[], at: Instant): T | null =>
  known.reduce<Known<T> | null>(
    (best, one) => (one.knownAt <= at && one.knownAt >= (best?.knownAt ?? -Infinity) ? one : best),
    null,
  )?.value ?? null

/** The newer facts of a product's own row and of its NAVs. */
const newerFacts = (own: NavFacts | null, ofNavs: NavFacts | null): NavFacts | null =>
  own === null || (ofNavs !== null && ofNavs.navDate >= own.navDate) ? ofNavs : own

/** A product at each instant at which its row or its facts changed, from its first row on. */
function revisionsOf(rows: readonly ProductRecord[], facts: readonly Known<NavFacts>[]): ProductRecord[] {
  const first = Math.min(...rows.map(({ knownAt }) => knownAt))
  const instants = [...rows, ...facts].map(({ knownAt }) => knownAt).filter((at) => at >= first)
  return [...new Set(instants)].flatMap((knownAt) => {
    const row = latestBy(rows, knownAt)
    return row === null ? [] : [{ knownAt, value: { ...row, facts: newerFacts(row.facts, latestBy(facts, knownAt)) } }]
  })
}

/** Every product's revisions, grouped by instant: instants ascending, products of one instant by id. */
export function catalogueRevisions(
  rows: ReadonlyMap<ProductId, readonly ProductRecord[]>,
  facts: ReadonlyMap<ProductId, readonly Known<NavFacts>[]>,
): readonly (readonly [Instant, readonly Product[]])[] {
  const groups = new Map<Instant, Product[]>()
  for (const [id, ofProduct] of rows) {
    for (const { knownAt, value } of revisionsOf(ofProduct, facts.get(id) ?? [])) {
      const group = groups.get(knownAt)
      if (group === undefined) groups.set(knownAt, [value])
      else group.push(value)
    }
  }
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([knownAt, products]) => [knownAt, products.sort((a, b) => compareIds(a.id, b.id))] as const)
}
