import { type DuckDb, literal } from '../storage/duckdb.js'
import { type Pseudonym } from './commitment.js'
import { type Entry, seals } from './entry.js'
import { partOf, sealedOf } from './inputs.js'
import { type LedgerIndex } from './ledger.js'
import { partsIn, type Record } from './record.js'

/** An entry about a person with what it sealed; null where nothing is sealed of its type. */
export type PersonEntry = { readonly index: LedgerIndex; readonly entry: Entry; readonly sealed: unknown }

/** Places of a person's entries of all types, in the ledger's order; `from`: the rows of the search. */
export async function placesOf(database: DuckDb, from: string, pseudonym: Pseudonym): Promise<readonly LedgerIndex[]> {
  const rows = await database.rows(
    `SELECT ledger_index::DOUBLE FROM ${from} WHERE pseudonym = ${literal(pseudonym)} ORDER BY ledger_index`,
  )
  return rows.map(([index]) => Number(index))
}

/** The entries at these places, opened. */
export async function openedEntries(
  { ledger, persons }: Pick<Record, 'ledger' | 'persons'>,
  places: readonly LedgerIndex[],
): Promise<readonly PersonEntry[]> {
  const opened: PersonEntry[] = []
  for (const index of places) {
    const { entry } = await ledger.byIndex(index)
    const parts = seals(entry) ? await partsIn(persons, entry) : null
    const isOpen = parts !== null && parts !== 'erased'
    const sealed = isOpen ? (entry.type === 'decision' ? sealedOf(parts) : partOf(parts, 'facts')) : parts
    opened.push({ index, entry, sealed })
  }
  return opened
}
