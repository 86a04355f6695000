import { z } from 'zod'

/** Product risk, R1 (lowest) to R5: AMAC Guideline 2017, Art 38. */
export const RiskLevel = z.enum(['R1', 'R2', 'R3', 'R4', 'R5'], { error: 'want R1 to R5' })
export type RiskLevel = z.infer<typeof RiskLevel>

/** Investor tolerance, C1 (lowest) to C5: AMAC Guideline 2017, Art 28. */
export const ToleranceLevel = z.enum(['C1', 'C2', 'C3', 'C4', 'C5'], { error: 'want C1 to C5' })
export type ToleranceLevel = z.infer<typeof ToleranceLevel>

/** 1 to 5 of an R or C level. */
export const levelNumber = (level: RiskLevel | ToleranceLevel): number => level.charCodeAt(1) - 48

/** What an investor wants of his money, and what a product serves. */
export const Objective = z.enum(['liquidity', 'preservation', 'income', 'growth', 'aggressive-growth'])
export type Objective = z.infer<typeof Objective>

/** Kinds of product, after the Chinese public-fund types and the European ones of FAR-Trans. */
export const ProductKind = z.enum([
  'money-market',
  'short-bond',
  'bond',
  'bond-mixed',
  'index-bond',
  'government-bond',
  'corporate-bond',
  'mixed-conservative',
  'mixed-balanced',
  'mixed-flexible',
  'mixed-equity',
  'absolute-return',
  'fof-conservative',
  'fof-balanced',
  'fof-aggressive',
  'equity',
  'index-equity',
  'index-other',
  'commodity',
  'reit',
  'structured',
  'stock',
])
export type ProductKind = z.infer<typeof ProductKind>

export const InvestorClass = z.enum(['ordinary', 'professional'])
export type InvestorClass = z.infer<typeof InvestorClass>
