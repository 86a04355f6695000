import { type ProductKind } from '../../schema/levels.js'
import { type Feature } from '../feature.js'

export const kindGroups = ['cash', 'bond', 'mixed', 'fund-of-funds', 'equity', 'alternative'] as const
export type KindGroup = (typeof kindGroups)[number]

export const groupOfKind: Readonly<Record<ProductKind, KindGroup>> = {
  'money-market': 'cash',
  'short-bond': 'bond',
  bond: 'bond',
  'bond-mixed': 'bond',
  'index-bond': 'bond',
  'government-bond': 'bond',
  'corporate-bond': 'bond',
  'mixed-conservative': 'mixed',
  'mixed-balanced': 'mixed',
  'mixed-flexible': 'mixed',
  'mixed-equity': 'mixed',
  'absolute-return': 'mixed',
  'fof-conservative': 'fund-of-funds',
  'fof-balanced': 'fund-of-funds',
  'fof-aggressive': 'fund-of-funds',
  equity: 'equity',
  'index-equity': 'equity',
  stock: 'equity',
  'index-other': 'alternative',
  commodity: 'alternative',
  reit: 'alternative',
  structured: 'alternative',
}

export const kindGroupFeatures: readonly Feature<'product'>[] = kindGroups.map((group) => ({
  name: `kind_${group.replaceAll('-', '_')}`,
  version: 1,
  entity: 'product',
  type: 'flag',
  unit: '0 or 1',
  default: null,
  validDays: null,
  owner: 'product data',
  meaning: `Whether its kind belongs to the group ${group}.`,
  reads: ['product.kind'],
  value: ({ product }) => (groupOfKind[product.kind] === group ? 1 : 0),
}))
