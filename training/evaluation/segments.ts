import { type InvestorSnapshot } from '../../features/schema/records.js'
import { ageYears } from '../../features/definitions/calendar.js'
import { type LocalDate } from '../../features/schema/time.js'
import { type SegmentKind } from './report.js'

/** A group of investors, by one of their traits. */
export type SegmentName = { readonly by: SegmentKind; readonly name: string }

const activity = (products: number): string =>
  products === 0 ? 'new' : products < 5 ? '1 to 4' : products < 20 ? '5 to 19' : '20 and more'

const age = (years: number): string =>
  years < 30 ? 'under 30' : years < 45 ? '30 to 44' : years < 60 ? '45 to 59' : '60 and more'

/**
 * The segments of an investor as he was known on a day, one of each kind: by how many products he had bought (`new`:
 * none), by tolerance C1 to C5, and by age; `unknown` where nothing tells.
 */
export function segmentsOf({ profile, behaviour }: InvestorSnapshot, today: LocalDate): SegmentName[] {
  const { birthDate, riskAssessment } = profile
  return [
    { by: 'all', name: 'all' },
    { by: 'activity', name: activity(behaviour.purchased.length) },
    { by: 'level', name: riskAssessment?.level ?? 'unknown' },
    { by: 'age', name: birthDate === null ? 'unknown' : age(ageYears(birthDate, today)) },
  ]
}

/** A segment and the places of its members, ascending. */
export type Members = SegmentName & { readonly places: readonly number[] }

const order: readonly string[] = [
  ...['all', 'new', '1 to 4', '5 to 19', '20 and more', 'C1', 'C2', 'C3', 'C4', 'C5'],
  ...['under 30', '30 to 44', '45 to 59', '60 and more', 'unknown'],
]
const kinds: readonly SegmentKind[] = ['all', 'activity', 'level', 'age']

/** The segments of all, `all` first, without those of fewer than `least` members (never without `all`). */
export function membersOf(segments: readonly (readonly SegmentName[])[], least: number): Members[] {
  const found = new Map<string, SegmentName & { places: number[] }>()
  segments.forEach((names, place) => {
    for (const { by, name } of names) {
      const known = found.get(`${by} ${name}`)
      if (known === undefined) found.set(`${by} ${name}`, { by, name, places: [place] })
      else known.places.push(place)
    }
  })
  return [...found.values()]
    .filter(({ by, places }) => by === 'all' || places.length >= least)
    .sort((a, b) => kinds.indexOf(a.by) - kinds.indexOf(b.by) || order.indexOf(a.name) - order.indexOf(b.name))
}
