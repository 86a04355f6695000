import { type Record } from '../audit/record.js'
import { type Context, decide } from '../engine/decide.js'
import { type Pack } from '../engine/suitability/pack.js'
import { DecisionId, FirmId } from '../features/schema/ids.js'
import { RiskLevel } from '../features/schema/levels.js'
import { type Product } from '../features/schema/product.js'
import { dateOfDayNumber } from '../features/schema/time.js'
import { type CatalogueLog } from '../features/store/catalogueLog.js'
import { releaseInMemory } from '../training/holdout.js'
import { randomFor } from '../training/random.js'
import { contentModel } from './realCatalogue.js'
import { marketAtEnd } from './rulesMarket.js'

const endDay = '2026-05-08'
const end = Date.parse('2026-05-08T15:00:00Z')
const dayMs = 86_400_000
export const firmId = FirmId.parse('default')

export type RecordedSize = {
  readonly decisions: number
  readonly products: number
  readonly investors: number
  /** Before the end of the market: a change of the catalogue on each, and as many decisions. */
  readonly days: number
}

/** Appended at once, as by many requests. */
const together = 500
const changedADay = 40

/**
 * Records decisions as serving does, through `decide` and the record: of random investors of a simulated market, at
 * random instants of its last days, over a catalogue of which some products are rated anew or suspended each day.
 */
export async function recordDecisions(
  size: RecordedSize,
  pack: Pack,
  { record, log }: { readonly record: Record; readonly log: CatalogueLog },
): Promise<void> {
  const { uniform } = randomFor(1, 'audit-backtest')
  const below = (n: number): number => Math.floor(uniform() * n)
  const market = await marketAtEnd(
    { seed: 401, endDay, products: size.products, investors: size.investors, days: 120 },
    end,
  )
  const investors = [...market.investors]
  const first = end - size.days * dayMs - 1
  let catalogue = await log.append(
    market.products.map((product) => earlier(product, first - 1)),
    first,
  )
  const release = releaseInMemory(contentModel(catalogue), catalogue)
  const context: Context = { mode: 'live', scene: 'home', size: 10, exclude: [] }
  const perDay = Math.ceil(size.decisions / size.days)
  for (let day = 0, number = 0; day < size.days; day++) {
    const from = end - (size.days - day) * dayMs
    catalogue = await log.append(changes(catalogue.products, below, from), from)
    for (let left = Math.min(perDay, size.decisions - number); left > 0; left -= together) {
      const appends = Array.from({ length: Math.min(left, together) }, () => {
        const [investorId, known] = investors[below(investors.length)] ?? []
        if (investorId === undefined || known === undefined) throw new Error('the market has no investors')
        const at = from + below(dayMs)
        const investor = { ...known, knownAt: Math.min(known.knownAt, at - 1) }
        const { decision } = decide(release, catalogue, pack, investor, context, at, below(2 ** 32))
        const whose = { firmId, investorId, decisionId: DecisionId.parse(`d-${number++}`) }
        return record.append(decision, investor, { ...context, exclude: [] }, whose)
      })
      await Promise.all(appends)
    }
  }
}

/** All products with the net asset value of the day before, and some of them suspended, opened or rated anew. */
function changes(products: readonly Product[], below: (n: number) => number, at: number): readonly Product[] {
  const changed = new Set(Array.from({ length: changedADay }, () => below(products.length)))
  const navDate = dateOfDayNumber(Math.floor(at / dayMs) - 1)
  return products.map((product, ordinal) => {
    const today = { ...product, facts: product.facts && { ...product.facts, navDate } }
    if (!changed.has(ordinal)) return today
    if (below(2) === 0)
      return { ...today, status: below(2) === 0 ? ('open' as const) : ('suspended' as const), statusAt: at - 1 }
    const level = RiskLevel.options[below(5)] ?? 'R5'
    return { ...today, rating: product.rating && { ...product.rating, level, ratedAt: at - 1 } }
  })
}

/** As known some days earlier: the market's own facts are of its end. */
const earlier = (product: Product, at: number): Product => ({
  ...product,
  statusAt: Math.min(product.statusAt, at),
  rating: product.rating && { ...product.rating, ratedAt: Math.min(product.rating.ratedAt, at) },
})
