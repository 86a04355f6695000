import { dateOfDayNumber } from '../../schema/time.js'
import { ageYears as completedYears, dayOfInstant } from '../calendar.js'
import { type Feature } from '../feature.js'

/** Whole years; days in UTC, unlike rule CN-65, which goes by its pack's calendar. */
export const ageYears: Feature<'investor'> = {
  name: 'age',
  entity: 'investor',
  unit: 'years',
  reads: ['investor.profile.birthDate'],
  value: ({ investor: { profile }, at }) =>
    profile.birthDate === null ? null : completedYears(profile.birthDate, dateOfDayNumber(dayOfInstant(at))),
}
