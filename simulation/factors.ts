import { exp } from '../features/definitions/math.js'
import { randomFor } from '../features/definitions/random.js'
import { chance, normal, normals } from './draws.js'
import { type KindSpec } from './kinds.js'

/** Trading days in a year, as the facts annualise. */
const perYear = 252

/** Daily factors, each of mean 0 and variance 1, [days] long, and how rough each day is. */
export type Factors = {
  readonly market: Float64Array
  readonly kind: (index: number) => Float64Array
  readonly company: (index: number) => Float64Array
  readonly theme: (index: number) => Float64Array
  /** Multiplies volatility: twice as much in rough times, about a fifth of all; its mean square is 1. */
  readonly roughness: Float64Array
}

export function factorsOf(seed: number, days: number): Factors {
  const made = new Map<string, Float64Array>()
  const series = (label: string): Float64Array => {
    const known = made.get(label)
    if (known !== undefined) return known
    const fresh = normals(randomFor(seed, `factor:${label}`), days)
    made.set(label, fresh)
    return fresh
  }
  return {
    market: series('market'),
    kind: (index) => series(`kind:${index}`),
    company: (index) => series(`company:${index}`),
    theme: (index) => series(`theme:${index}`),
    roughness: roughnessOf(seed, days),
  }
}

/** Two states that last: calm becomes rough on one day of 120, rough calm on one of 30. */
function roughnessOf(seed: number, days: number): Float64Array {
  const random = randomFor(seed, 'factor:roughness')
  const series = new Float64Array(days)
  let rough = false
  for (let day = 0; day < days; day++) {
    if (chance(random, rough ? 1 / 30 : 1 / 120)) rough = !rough
    series[day] = rough ? 1.6 : 0.8
  }
  // Brought to a mean square of 1, so that volatility is what the kinds say, whatever the seed's rough times.
  const square = series.reduce((sum, value) => sum + value * value, 0) / days
  return series.map((value) => value / Math.sqrt(square))
}

export type NavRecipe = {
  readonly spec: KindSpec
  readonly kind: number
  readonly company: number
  readonly theme: number
  /** A year, as fractions: 0.2 is 20 %. */
  readonly volatility: number
  readonly drift: number
  readonly firstNav: number
  /** Index of the trading day of the first NAV. */
  readonly from: number
}

/** NAVs of a product from `from` on: [days - from]. Log-returns, so that none falls to nothing. */
export function navPath(factors: Factors, recipe: NavRecipe, seed: number, label: string): Float64Array {
  const { spec, volatility, drift, from } = recipe
  const { market, kind, company, theme } = spec.loadings
  const own = Math.sqrt(Math.max(0, 1 - market * market - kind * kind - company * company - theme * theme))
  const [ofKind, ofCompany, ofTheme] = [
    factors.kind(recipe.kind),
    factors.company(recipe.company),
    factors.theme(recipe.theme),
  ]
  const random = randomFor(seed, `nav:${label}`)
  const daily = volatility / Math.sqrt(perYear)
  const trend = (drift - (volatility * volatility) / 2) / perYear
  const path = new Float64Array(factors.market.length - from)
  let nav = recipe.firstNav
  for (let i = 0; i < path.length; i++) {
    const t = from + i
    const common = market * (factors.market[t] ?? 0) + kind * (ofKind[t] ?? 0)
    const shared = common + company * (ofCompany[t] ?? 0) + theme * (ofTheme[t] ?? 0)
    if (i > 0) nav *= exp(trend + daily * (factors.roughness[t] ?? 0) * (shared + own * normal(random)))
    path[i] = nav
  }
  return path
}
