import { compareIds } from '../../features/schema/ids.js'
import { ProductKind } from '../../features/schema/levels.js'
import { kindsOf, toleranceOf } from './columns.js'
import { type Market } from './market.js'
import { type Totals } from './report.js'
import { type Judged, type Slate } from './slates.js'

/** Counts over the slates of a model; `permits` tells of each investor what the live pack permits. */
export function totalsOf(
  slates: readonly Slate[],
  judged: readonly Judged[],
  permits: readonly ((ordinal: number) => boolean)[],
  market: Market,
): Totals {
  const shown = slates.flatMap((slate) => slate.shown)
  const count = (holds: (ordinal: number, place: number) => boolean): number =>
    slates.reduce((sum, slate, place) => sum + slate.shown.filter((ordinal) => holds(ordinal, place)).length, 0)
  const tolerances = judged.map(toleranceOf)
  const isAbove = (level: number, tolerance: number): boolean => level === 0 || level > tolerance
  return {
    shown: shown.length,
    refused: slates.filter((slate) => slate.shown.length === 0).length,
    violations: count((ordinal, place) => permits[place]?.(ordinal) !== true),
    aboveTolerance: count((ordinal, place) => isAbove(market.level[ordinal] ?? 0, tolerances[place] ?? 0)),
    disagreements: slates.reduce((sum, slate) => sum + slate.disagreements, 0),
    companies: companiesOf(shown, market),
    kinds: mixOf(
      judged.flatMap(({ past }) => past),
      shown,
      market,
    ),
  }
}

function companiesOf(shown: readonly number[], { company, companies }: Market): Totals['companies'] {
  const counts = companies.map((companyId) => ({ companyId, shown: 0 }))
  for (const ordinal of shown) {
    const of = counts[company[ordinal] ?? -1]
    if (of !== undefined) of.shown++
  }
  return counts.filter((of) => of.shown > 0).sort((a, b) => b.shown - a.shown || compareIds(a.companyId, b.companyId))
}

function mixOf(past: readonly number[], shown: readonly number[], market: Market): Totals['kinds'] {
  const [bought, seen] = [kindsOf(past, market), kindsOf(shown, market)]
  return ProductKind.options
    .map((kind, at) => ({
      kind,
      bought: (bought[at] ?? 0) / Math.max(1, past.length),
      shown: (seen[at] ?? 0) / Math.max(1, shown.length),
    }))
    .filter((mix) => mix.bought > 0 || mix.shown > 0)
}
