import { dateOfDayNumber } from '../../schema/time.js'
import { ageYears as completedYears, dayOfInstant } from '../calendar.js'
import { type Feature } from '../feature.js'

export const ageYears: Feature<'investor'> = {
  name: 'age',
  version: 1,
  entity: 'investor',
  type: 'count',
  unit: 'years',
  default: null,
  validDays: null,
  owner: 'investor data',
  meaning: 'Completed years of age, by UTC days; rule CN-65 counts them by its own calendar.',
  reads: ['investor.profile.birthDate'],
  value: ({ investor: { profile }, at }) =>
    profile.birthDate === null ? null : completedYears(profile.birthDate, dateOfDayNumber(dayOfInstant(at))),
}
