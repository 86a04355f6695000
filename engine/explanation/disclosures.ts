import { type Coded } from '../decision.js'
import { type Product } from '../../features/schema/product.js'

/** What must stand beside a product wherever it is shown: its risk, its costs of leaving, and what is only assumed. */
export function disclosuresFor(product: Product): readonly Coded[] {
  const disclosures: Coded[] = []
  const add = (code: string, params: Coded['params'] = {}): void => void disclosures.push({ code, params })
  if (product.rating !== null) {
    add('RISK_LEVEL', { riskLevel: product.rating.level })
    if (product.rating.basis === 'kind') add('RATED_BY_KIND', { kind: product.kind })
  }
  if (product.facts !== null) add('NAV_AS_OF', { navDate: product.facts.navDate })
  if (product.lockupDays > 0) add('LOCKUP', { days: product.lockupDays })
  for (const { heldDaysBelow, feeBps } of product.fees.redemptionTiers)
    if (heldDaysBelow !== null && feeBps > 0) add('REDEMPTION_FEE', { heldDaysBelow, feePercent: percent(feeBps) })
  if (product.status === 'purchase-limited') add('PURCHASE_LIMITED')
  if (product.statusSource === 'assumed') add('STATUS_ASSUMED')
  if (product.statusSource === 'simulated') add('SIMULATED')
  add('NO_GUARANTEE')
  return disclosures
}

/** 150 → "1.5": basis points as per cent without a floating-point tail. */
const percent = (bps: number): string => {
  const whole = Math.trunc(bps / 100)
  const rest = String(bps % 100)
    .padStart(2, '0')
    .replace(/0+$/, '')
  return rest === '' ? String(whole) : `${whole}.${rest}`
}
