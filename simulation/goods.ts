import { randomFor } from '../features/definitions/random.js'
import { type ProductId } from '../features/schema/ids.js'
import { ProductKind } from '../features/schema/levels.js'
import { type Product } from '../features/schema/product.js'
import { at, vector } from './at.js'
import { normal, normals } from './draws.js'

/** Length of the latent vectors of taste. */
export const latentLength = 8

/** What draws an investor to a product, fixed for its life and shown to nobody. */
export type Good = {
  /** Index of the company, and of the kind in `ProductKind.options`. */
  readonly company: number
  readonly kind: number
  /** [latentLength] company, theme and its own part; norm² about 8. */
  readonly latent: Float64Array
  /** Logarithm of how well known it is. */
  readonly fame: number
  /** What a purchase costs, and a year. */
  readonly feeBps: number
}

export type DatedNav = { readonly day: number; readonly nav: number }

/**
 * Products over time, by ordinal. `day` is a day number; days are asked for in ascending order, each once, `morning`
 * before `evening`.
 */
export type Supply = {
  readonly goods: readonly Good[]
  readonly ids: readonly ProductId[]
  /** Fame by index of the company: where favourites come from. */
  readonly companyFame: Float64Array
  /** The product as known now; null before its launch. */
  readonly current: (ordinal: number) => Product | null
  /** Launches, suspensions, limits, ends: known before the day's visits. */
  readonly morning: (day: number) => readonly Product[]
  /** Facts and ratings: known after them. */
  readonly evening: (day: number) => readonly Product[]
  /** NAV of the last trading day up to `day`, in units of the currency. */
  readonly navOn: (ordinal: number, day: number) => number
  /** Its NAVs of trading days after one day and up to another; none where facts do not come from NAVs. */
  readonly navsBetween: (ordinal: number, after: number, upTo: number) => readonly DatedNav[]
  /** Return over the last three months as known on `day`; null where unknown. */
  readonly recentReturn: (ordinal: number, day: number) => number | null
  readonly isTradingDay: (day: number) => boolean
}

export const kindIndex = (kind: ProductKind): number => ProductKind.options.indexOf(kind)

/** Latent vectors and fame of companies and themes: what their products share. */
export type Appeal = {
  readonly companyFame: Float64Array
  readonly good: (product: Product, ordinal: number, company: number, theme: number) => Good
}

/** Spread of fame among companies and, within one, among products: as skewed as what FAR-Trans's customers bought. */
const companySpread = 0.9
const productSpread = 1.35

export function appealOf(seed: number, companies: number, themes: number): Appeal {
  const random = randomFor(seed, 'appeal')
  const companyFame = normals(random, companies, companySpread)
  const ofCompany = Array.from({ length: companies }, () => normals(random, latentLength, 0.65))
  const ofTheme = Array.from({ length: themes }, () => normals(random, latentLength, 0.65))
  const good: Appeal['good'] = (product, ordinal, company, theme) => {
    const own = randomFor(seed, `appeal:${ordinal}`)
    const fromCompany = at(ofCompany, company)
    const fromTheme = at(ofTheme, theme)
    return {
      company,
      kind: kindIndex(product.kind),
      fame: at(companyFame, company) + normal(own) * productSpread,
      latent: vector(latentLength, (i) => at(fromCompany, i) + at(fromTheme, i) + normal(own) * 0.4),
      feeBps: (product.fees.purchaseBps ?? 0) + (product.fees.managementBps ?? 0),
    }
  }
  return { companyFame, good }
}
