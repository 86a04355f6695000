import { type EventRecord, type InvestorRecord } from '../schema/records.js'

/** Rows that came together, numbered from `sequence` on as the history numbers its own: profiles first, then events. */
export type JournalEntry = {
  readonly sequence: number
  readonly source: string
  readonly profiles: readonly InvestorRecord[]
  readonly events: readonly EventRecord[]
}

export const rowsOf = ({ profiles, events }: JournalEntry): number => profiles.length + events.length

/** Rows of one entry: far less than a segment's record may hold. */
const rowsOfEntry = 1000

export const rowsIn = (entries: readonly JournalEntry[]): number =>
  entries.reduce((sum, entry) => sum + rowsOf(entry), 0)
export const endOf = (entry: JournalEntry): number => entry.sequence + rowsOf(entry)

/** Neighbours of one source together: a batch of the history has one. */
export const bySource = (entries: readonly JournalEntry[]): readonly (readonly JournalEntry[])[] => {
  const groups: JournalEntry[][] = []
  for (const entry of entries) {
    const group = groups.at(-1)
    if (group?.[0]?.source === entry.source) group.push(entry)
    else groups.push([entry])
  }
  return groups
}

/** Rows as entries, numbered from `sequence` on. */
export const entriesOf = (
  sequence: number,
  source: string,
  profiles: readonly InvestorRecord[],
  events: readonly EventRecord[],
): readonly JournalEntry[] => {
  const entries: JournalEntry[] = []
  for (let at = 0; at < profiles.length + events.length; at += rowsOfEntry)
    entries.push({
      sequence: sequence + at,
      source,
      profiles: profiles.slice(at, at + rowsOfEntry),
      events: events.slice(Math.max(0, at - profiles.length), Math.max(0, at + rowsOfEntry - profiles.length)),
    })
  return entries
}
