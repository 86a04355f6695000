import { type Random, randomFor } from '../features/definitions/random.js'
import { type Product } from '../features/schema/product.js'
import { CompanyId, ProductId } from '../features/schema/ids.js'
import { at } from './at.js'
import { between, chance, normal, pick, weighted, whole } from './draws.js'
import { kindIndex } from './goods.js'
import { type KindSpec, kindSpecs, themesOf } from './kinds.js'
import { companyName, productName } from './names.js'

/** What of a product is drawn once: all but its days. */
export type Traits = {
  readonly spec: KindSpec
  readonly kind: number
  readonly company: number
  /** Index over the themes of all kinds together. */
  readonly theme: number
  readonly volatility: number
  readonly drift: number
  readonly firstNav: number
  readonly fixed: Pick<
    Product,
    'id' | 'companyId' | 'companyName' | 'name' | 'kind' | 'kindText' | 'crossBorder' | 'fees' | 'lockupDays'
  > &
    Pick<Product, 'minPurchase' | 'sustainable'>
}

const themeOffset = { equity: 0, bond: themesOf.equity.length, none: themesOf.equity.length + themesOf.bond.length }

/** One number for each theme of each group, and one for none. */
export const themeCount = themeOffset.none + 1

const digits = (value: number, width: number): string => String(value).padStart(width, '0')

export const companyIdOf = (company: number): CompanyId => CompanyId.parse(`sim-c${digits(company + 1, 3)}`)

/** Companies have sizes: weights of a draw. */
export function companySizes(seed: number, companies: number): Float64Array {
  const random = randomFor(seed, 'company-sizes')
  return Float64Array.from({ length: companies }, () => between(random, [0.25, 4]))
}

/** Held under 7, 30 and 180 days: the steps of the fee rules; a C share asks nothing after a week or a month. */
const tiersOf = (spec: KindSpec, share: 'A' | 'C', lockupDays: number): Product['fees']['redemptionTiers'] => {
  if (spec.kind === 'money-market' || lockupDays >= 180) return []
  const tiers = [{ heldDaysBelow: 7, feeBps: 150 }]
  if (share === 'A') tiers.push({ heldDaysBelow: 30, feeBps: 100 }, { heldDaysBelow: 180, feeBps: 50 })
  return [...tiers, { heldDaysBelow: null, feeBps: 0 }]
}

/** A C share has no fee on buying, and 30 bps more a year. */
const feesOf = (spec: KindSpec, share: 'A' | 'C', lockupDays: number): Product['fees'] => ({
  purchaseBps: share === 'A' ? spec.purchaseBps : 0,
  managementBps: spec.managementBps + (share === 'A' ? 0 : 30),
  custodyBps: spec.custodyBps,
  redemptionTiers: tiersOf(spec, share, lockupDays),
})

const lockupOf = (spec: KindSpec, random: Random): number =>
  spec.lockups.length > 0 && chance(random, spec.lockedPercent / 100) ? pick(random, spec.lockups) : 0

export function traitsOf(seed: number, number: number, sizes: Float64Array): Traits {
  const random = randomFor(seed, `product:${number}`)
  const company = weighted(random, sizes)
  const spec = at(
    kindSpecs,
    weighted(
      random,
      kindSpecs.map(({ share }) => share),
    ),
  )
  const themes = themesOf[spec.themes]
  const theme = whole(random, 0, themes.length - 1)
  const share = chance(random, 0.6) ? 'A' : 'C'
  const lockupDays = lockupOf(spec, random)
  const abroad = chance(random, spec.abroadPercent / 100)
  const name = companyName(company)
  return {
    spec,
    kind: kindIndex(spec.kind),
    company,
    theme: themeOffset[spec.themes] + theme,
    volatility: between(random, spec.volatilityBps) / 10_000,
    // Managers differ, a little and lastingly: about a tenth of the volatility a year.
    drift: (spec.driftBps + normal(random) * spec.volatilityBps[0] * 0.1) / 10_000,
    firstNav: 0.7 + 1.6 * random.uniform(),
    fixed: {
      id: ProductId.parse(`sim-p${digits(number, 5)}`),
      companyId: companyIdOf(company),
      companyName: `${name['zh-CN']}基金（模拟）`,
      name: productName({
        company: name,
        adornment: whole(random, 0, 9),
        theme: at(themes, theme),
        kind: spec.words,
        lockupDays,
        abroad,
        share,
        number,
      }),
      kind: spec.kind,
      kindText: `模拟-${spec.words[0]}`,
      crossBorder: abroad,
      fees: feesOf(spec, share, lockupDays),
      lockupDays,
      minPurchase: { minor: pick(random, [100, 1_000, 10_000, 100_000]), currency: 'CNY' },
      sustainable: chance(random, 0.08),
    },
  }
}
