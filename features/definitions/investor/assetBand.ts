import { AssetBand } from '../../schema/investor.js'
import { type Feature } from '../feature.js'

/** Ordinal of the band of financial assets, 0 (lowest) to 5. */
export const assetBand: Feature<'investor'> = {
  name: 'asset_band',
  entity: 'investor',
  unit: 'band',
  reads: ['investor.profile.assetBand'],
  value: ({ investor: { profile } }) =>
    profile.assetBand === null ? null : AssetBand.options.indexOf(profile.assetBand),
}
