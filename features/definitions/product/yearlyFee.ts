import { type Feature } from '../feature.js'

export const yearlyFee: Feature<'product'> = {
  name: 'yearly_fee',
  version: 1,
  entity: 'product',
  type: 'number',
  unit: 'bps a year',
  default: null,
  validDays: null,
  owner: 'product data',
  meaning: 'Management and custody fees; unknown where the management fee is.',
  reads: ['product.fees.managementBps', 'product.fees.custodyBps'],
  value: ({ product: { fees } }) => (fees.managementBps === null ? null : fees.managementBps + (fees.custodyBps ?? 0)),
}
