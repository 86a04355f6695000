import { levelNumber, type ProductKind, type RiskLevel } from '../schema/levels.js'
import { type BasisPoints } from '../schema/money.js'

/**
 * R1 to R5 of a product from its kind and, where a series of returns gives one, its annualised volatility.
 *
 * AMAC Guideline 2017 (Art 38 ff) asks a distributor to grade products from R1 to R5 by structure, kind of assets,
 * leverage, liquidity and past volatility, and leaves the figures to him. So the figures are ours:
 *
 * - `volatilityEdges` come from the PRIIPs bands of VEV (Reg (EU) 2017/653 Annex II: .5, 5, 12, 20, 30, 80 %), seven
 *   classes made five: R1 is class 1, R2 class 2, R3 classes 3 and 4. The last edge is ours: 40 % and not 30 %, for
 *   between them lie the Chinese equity funds of a single trade or style, which distributors there grade R4, not R5. VEV
 *   is a measure of the whole distribution of returns; we put plain annualised volatility in its place.
 * - `plausible` bounds the level by kind: a calm year must not make an equity fund R2, and a fault in a series (a large
 *   redemption lifts a bond fund's NAV by 40 % in a day) must not make a bond fund R5.
 * - `unrated` is the level of a kind whose fund has no series: the one that about nine of ten funds of the kind with
 *   a series do not exceed (docs/data.md shows the counts; a test holds 85 %), or higher where few have one.
 *
 * A firm's own rating replaces this one: `basis: declared`.
 */
export type RatingRange = { readonly floor: RiskLevel; readonly ceiling: RiskLevel; readonly unrated: RiskLevel }

const range = (floor: RiskLevel, ceiling: RiskLevel, unrated: RiskLevel): RatingRange => ({ floor, ceiling, unrated })

/** Assumed, by the reasons above: no text fixes these bounds. */
export const ratingRanges: Readonly<Record<ProductKind, RatingRange>> = {
  // Cash-like by regulation: maturities within 397 days; R2 only for a floating NAV that moves.
  'money-market': range('R1', 'R2', 'R1'),
  // Pure interest-rate risk is R2 in practice; above it only by what a series shows.
  'short-bond': range('R2', 'R3', 'R2'),
  'government-bond': range('R2', 'R4', 'R2'),
  bond: range('R2', 'R4', 'R2'),
  'index-bond': range('R2', 'R4', 'R2'),
  'corporate-bond': range('R2', 'R4', 'R3'),
  // Bonds with up to 20 % shares or convertibles.
  'bond-mixed': range('R2', 'R4', 'R3'),
  'mixed-conservative': range('R2', 'R4', 'R3'),
  'absolute-return': range('R2', 'R4', 'R3'),
  'fof-conservative': range('R2', 'R4', 'R3'),
  'mixed-balanced': range('R3', 'R5', 'R4'),
  'fof-balanced': range('R3', 'R5', 'R3'),
  // Anything from bonds alone to shares alone, at the manager's will.
  'mixed-flexible': range('R3', 'R5', 'R4'),
  'mixed-equity': range('R3', 'R5', 'R4'),
  'fof-aggressive': range('R3', 'R5', 'R4'),
  equity: range('R3', 'R5', 'R4'),
  'index-equity': range('R3', 'R5', 'R4'),
  'index-other': range('R3', 'R5', 'R4'),
  commodity: range('R3', 'R5', 'R4'),
  // Thin trading: past calm is no evidence of a price to sell at.
  reit: range('R3', 'R5', 'R4'),
  // A single issuer, or a pay-off that past volatility does not show.
  structured: range('R4', 'R5', 'R5'),
  stock: range('R4', 'R5', 'R5'),
}

const levels = ['R1', 'R2', 'R3', 'R4', 'R5'] as const

/** From this volatility on (bps a year) a product is R2, R3, R4, R5. */
export const volatilityEdges = [50, 500, 2_000, 4_000] as const

const byVolatility = (volatilityBps: BasisPoints): RiskLevel =>
  levels[volatilityEdges.filter((edge) => volatilityBps >= edge).length] ?? 'R5'

export type DerivedLevel = { readonly level: RiskLevel; readonly basis: 'volatility' | 'kind' }

/** More volatility never lowers the level. `volatilityBps: null`: no series gives one, and the kind decides. */
export function derivedRiskLevel(kind: ProductKind, volatilityBps: BasisPoints | null): DerivedLevel {
  const { floor, ceiling, unrated } = ratingRanges[kind]
  if (volatilityBps === null) return { level: unrated, basis: 'kind' }
  const shown = byVolatility(volatilityBps)
  if (levelNumber(shown) < levelNumber(floor)) return { level: floor, basis: 'volatility' }
  if (levelNumber(shown) > levelNumber(ceiling)) return { level: ceiling, basis: 'volatility' }
  return { level: shown, basis: 'volatility' }
}
