import { type Objective, type ProductKind, type RiskLevel } from '../../schema/levels.js'
import { type TargetMarket } from '../../schema/product.js'

type Aim = { readonly objectives: readonly Objective[]; readonly minHorizonMonths: number }

const cash: Aim = { objectives: ['liquidity', 'preservation'], minHorizonMonths: 0 }
const fixedIncome = (minHorizonMonths: number): Aim => ({ objectives: ['preservation', 'income'], minHorizonMonths })
const incomePlus: Aim = { objectives: ['income'], minHorizonMonths: 12 }
const balanced: Aim = { objectives: ['growth', 'income'], minHorizonMonths: 24 }
const growth: Aim = { objectives: ['growth'], minHorizonMonths: 36 }

/**
 * Assumed: no file of cn-funds states a target market, and these are what prospectuses of each kind usually say. The
 * horizon is the recommended holding period.
 */
const aims: Readonly<Record<ProductKind, Aim>> = {
  'money-market': cash,
  'short-bond': fixedIncome(3),
  'government-bond': fixedIncome(6),
  bond: fixedIncome(6),
  'index-bond': fixedIncome(6),
  'corporate-bond': fixedIncome(12),
  'bond-mixed': incomePlus,
  'mixed-conservative': incomePlus,
  'absolute-return': incomePlus,
  'fof-conservative': incomePlus,
  'mixed-balanced': balanced,
  'fof-balanced': balanced,
  'mixed-flexible': growth,
  'mixed-equity': growth,
  'fof-aggressive': growth,
  equity: growth,
  'index-equity': growth,
  'index-other': growth,
  commodity: growth,
  reit: { objectives: ['income', 'growth'], minHorizonMonths: 36 },
  structured: growth,
  stock: growth,
}

/** The target market assumed of a kind; whatever is R5 and serves growth serves aggressive growth as well. */
export function assumedTargetMarket(kind: ProductKind, level: RiskLevel): TargetMarket {
  const { objectives, minHorizonMonths } = aims[kind]
  const daring: Objective[] = level === 'R5' && objectives.includes('growth') ? ['aggressive-growth'] : []
  return { objectives: [...objectives, ...daring], minHorizonMonths }
}
