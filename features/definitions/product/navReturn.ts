import { type NavFacts } from '../../schema/product.js'
import { type Feature } from '../feature.js'

type ReturnField = 'return1mBps' | 'return3mBps' | 'return6mBps' | 'return12mBps'

const navReturn = (months: number, field: ReturnField & keyof NavFacts): Feature<'product'> => ({
  name: `return_${months}m`,
  version: 1,
  entity: 'product',
  type: 'number',
  unit: 'bps',
  default: null,
  validDays: null,
  owner: 'product data',
  meaning: `Return over the ${months} month${months === 1 ? '' : 's'} up to the product's newest NAV.`,
  reads: [`product.facts.${field}`],
  value: ({ product }) => product.facts?.[field] ?? null,
})

export const return1m = navReturn(1, 'return1mBps')
export const return3m = navReturn(3, 'return3mBps')
export const return6m = navReturn(6, 'return6mBps')
export const return12m = navReturn(12, 'return12mBps')
