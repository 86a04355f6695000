import { dayOfInstant } from '../calendar.js'
import { type Feature } from '../feature.js'

export const profileAge: Feature<'investor'> = {
  name: 'profile_age',
  version: 1,
  entity: 'investor',
  type: 'count',
  unit: 'days',
  default: null,
  validDays: null,
  owner: 'investor data',
  meaning: 'Days since his profile last changed.',
  reads: ['investor.knownAt'],
  value: ({ investor, at }) => Math.max(0, dayOfInstant(at) - dayOfInstant(investor.knownAt)),
}
