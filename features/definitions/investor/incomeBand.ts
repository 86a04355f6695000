import { IncomeBand } from '../../schema/investor.js'
import { type Feature } from '../feature.js'

export const incomeBand: Feature<'investor'> = {
  name: 'income_band',
  version: 1,
  entity: 'investor',
  type: 'ordinal',
  unit: 'band',
  default: null,
  validDays: null,
  owner: 'investor data',
  meaning: 'Ordinal of the stated band of yearly income, 0 (lowest) to 4.',
  reads: ['investor.profile.incomeBand'],
  value: ({ investor: { profile } }) =>
    profile.incomeBand === null ? null : IncomeBand.options.indexOf(profile.incomeBand),
}
