import { type Feature } from '../feature.js'

/** Management and custody; unknown where the management fee is. */
export const yearlyFee: Feature<'product'> = {
  name: 'yearly_fee',
  entity: 'product',
  unit: 'bps a year',
  reads: ['product.fees.managementBps', 'product.fees.custodyBps'],
  value: ({ product: { fees } }) => (fees.managementBps === null ? null : fees.managementBps + (fees.custodyBps ?? 0)),
}
