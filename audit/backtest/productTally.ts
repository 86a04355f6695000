import { type Catalogue } from '../../features/schema/catalogue.js'
import { compareIds } from '../../features/schema/ids.js'
import { type ProductKind, type RiskLevel } from '../../features/schema/levels.js'
import { type Product } from '../../features/schema/product.js'
import { type Backtest, type ProductGroup, type ProductShare } from './backtest.js'
import { type Compared } from './compared.js'
import { at } from './counting.js'
import { type Difference } from './difference.js'
import { eachOf, InvestorSets } from './investorSets.js'

type Counts = { lost: number; gained: number; items: number }
type Group = Counts & { readonly products: Set<number> }
const field = ['lost', 'gained', 'items'] as const

/**
 * Counts up products, and groups of them. Decisions over one catalogue mostly differ in the same products, so those are
 * counted once for each difference, and told to products and groups when the catalogue changes.
 */
export class ProductTally {
  #catalogue: Catalogue | null = null
  #differences = new Map<Difference, number>()
  #items = new Map<number, number>()
  readonly #products: (Counts & { product: Product })[] = []
  readonly #companies = new Map<string, Group & { name: string }>()
  readonly #riskLevels = new Map<RiskLevel | 'none', Group>()
  readonly #kinds = new Map<ProductKind, Group>()
  readonly #investorsLost = new InvestorSets()
  readonly #investorsGained = new InvestorSets()

  add({ judged: { catalogue }, difference, slate }: Compared, investor: number): void {
    if (catalogue !== this.#catalogue) this.#tell()
    this.#catalogue = catalogue
    for (const { ordinal, blockedBy } of slate)
      if (blockedBy.length > 0) this.#items.set(ordinal, (this.#items.get(ordinal) ?? 0) + 1)
    if (difference.lostCount + difference.gainedCount === 0) return
    this.#differences.set(difference, (this.#differences.get(difference) ?? 0) + 1)
    if (difference.lostCount > 0) this.#investorsLost.add(investor, difference.lost)
    if (difference.gainedCount > 0) this.#investorsGained.add(investor, difference.gained)
    if (this.#differences.size === mostDifferences) this.#tell()
  }

  #tell(): void {
    const products = this.#catalogue?.products ?? []
    const told = { lost: new Uint32Array(products.length), gained: new Uint32Array(products.length) }
    for (const [{ lost, gained }, decisions] of this.#differences) {
      eachOf(lost, (ordinal) => (told.lost[ordinal] = (told.lost[ordinal] ?? 0) + decisions))
      eachOf(gained, (ordinal) => (told.gained[ordinal] = (told.gained[ordinal] ?? 0) + decisions))
    }
    products.forEach((product, ordinal) => {
      const [lost = 0, gained = 0, items = 0] = [told.lost[ordinal], told.gained[ordinal], this.#items.get(ordinal)]
      if (lost + gained + items > 0) this.#count(product, ordinal, { lost, gained, items })
    })
    this.#differences.clear()
    this.#items.clear()
  }

  #count(product: Product, ordinal: number, counts: Counts): void {
    const own = (this.#products[ordinal] ??= { lost: 0, gained: 0, items: 0, product })
    own.product = product
    const empty = (): Group => ({ lost: 0, gained: 0, items: 0, products: new Set() })
    const company = at(this.#companies, product.companyId, () => ({ ...empty(), name: product.companyName }))
    company.name = product.companyName
    const riskLevel = at(this.#riskLevels, product.rating?.level ?? 'none', empty)
    const kind = at(this.#kinds, product.kind, empty)
    for (const group of [company, riskLevel, kind]) group.products.add(ordinal)
    for (const each of [own, company, riskLevel, kind]) for (const name of field) each[name] += counts[name]
  }

  get shares(): Pick<Backtest, 'products' | 'companies' | 'riskLevels' | 'kinds'> {
    this.#tell()
    return {
      products: this.#productShares(),
      companies: sorted(this.#companies).map(([companyId, { name, ...group }]) => ({
        companyId,
        companyName: name,
        ...groupOf(group),
      })),
      riskLevels: sorted(this.#riskLevels).map(([riskLevel, group]) => ({ riskLevel, ...groupOf(group) })),
      kinds: sorted(this.#kinds).map(([kind, group]) => ({ kind, ...groupOf(group) })),
    }
  }

  #productShares(): readonly ProductShare[] {
    const lost = this.#investorsLost.counts(this.#products.length)
    const gained = this.#investorsGained.counts(this.#products.length)
    return this.#products
      .map(({ product, items, ...counts }, ordinal) => ({
        productId: product.id,
        name: product.name['zh-CN'],
        companyName: product.companyName,
        kind: product.kind,
        riskLevel: product.rating?.level ?? null,
        lost: { decisions: counts.lost, investors: lost[ordinal] ?? 0 },
        gained: { decisions: counts.gained, investors: gained[ordinal] ?? 0 },
        items,
      }))
      .flat()
      .sort(
        (a, b) =>
          b.lost.decisions + b.gained.decisions - a.lost.decisions - a.gained.decisions ||
          compareIds(a.productId, b.productId),
      )
  }
}

/** Differences kept untold: some hundred bytes for a thousand products each. */
const mostDifferences = 4096

const groupOf = ({ products, lost, gained, items }: Group): ProductGroup => ({
  products: products.size,
  lost,
  gained,
  items,
})

const sorted = <K extends string, G extends Group>(groups: ReadonlyMap<K, G>): readonly (readonly [K, G])[] =>
  [...groups].sort(([a, x], [b, y]) => y.lost + y.gained - x.lost - x.gained || compareIds(a, b))
