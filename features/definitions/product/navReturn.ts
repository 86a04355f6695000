import { type NavFacts } from '../../schema/product.js'
import { type Feature } from '../feature.js'

type ReturnField = 'return1mBps' | 'return3mBps' | 'return6mBps' | 'return12mBps'

const navReturn = (name: string, field: ReturnField & keyof NavFacts): Feature<'product'> => ({
  name,
  entity: 'product',
  unit: 'bps',
  reads: [`product.facts.${field}`],
  value: ({ product }) => product.facts?.[field] ?? null,
})

/** Return over the months up to the product's newest NAV. */
export const return1m = navReturn('return_1m', 'return1mBps')
export const return3m = navReturn('return_3m', 'return3mBps')
export const return6m = navReturn('return_6m', 'return6mBps')
export const return12m = navReturn('return_12m', 'return12mBps')
