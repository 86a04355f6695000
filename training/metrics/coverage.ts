/**
 * Share of a catalogue of `size` products that any of the slates shows (Ge, Delgado-Battenfeld and Jannach 2010,
 * RecSys, "catalogue coverage"). It grows with the number of slates: compare over equally many.
 *
 * `shown` counts how often each product was shown; those at 0 do not count. In [0, 1]. Throws a RangeError for an empty
 * catalogue.
 */
export function catalogueCoverage(shown: Iterable<number>, size: number): number {
  if (!(size > 0)) throw new RangeError('coverage: the catalogue is empty')
  let distinct = 0
  for (const count of shown) if (count > 0) distinct++
  return distinct / size
}
