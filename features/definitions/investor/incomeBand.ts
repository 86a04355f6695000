import { IncomeBand } from '../../schema/investor.js'
import { type Feature } from '../feature.js'

/** Ordinal of the band of yearly income, 0 (lowest) to 4. */
export const incomeBand: Feature<'investor'> = {
  name: 'income_band',
  entity: 'investor',
  unit: 'band',
  reads: ['investor.profile.incomeBand'],
  value: ({ investor: { profile } }) =>
    profile.incomeBand === null ? null : IncomeBand.options.indexOf(profile.incomeBand),
}
