import { AssetBand } from '../../schema/investor.js'
import { type Feature } from '../feature.js'

export const assetBand: Feature<'investor'> = {
  name: 'asset_band',
  version: 1,
  entity: 'investor',
  type: 'ordinal',
  unit: 'band',
  default: null,
  validDays: null,
  owner: 'investor data',
  meaning: 'Ordinal of the stated band of financial assets, 0 (lowest) to 5.',
  reads: ['investor.profile.assetBand'],
  value: ({ investor: { profile } }) =>
    profile.assetBand === null ? null : AssetBand.options.indexOf(profile.assetBand),
}
