import { type z } from 'zod'
import { formatInstant, type Instant, InstantText } from '../../schema/time.js'
import { type Known } from '../../schema/records.js'
import { type OutOfRange } from '../../quality/outOfRange.js'
import { type ImportOptions } from '../report.js'
import { openTable, type Row } from '../table.js'
import { type Fault, type Tally } from '../tally.js'
import { type Column } from './column.js'
import { columnOfPath, faultOfIssue, type Input, inputOfRow } from './input.js'

export type CsvFile<T> = {
  readonly file: string
  readonly columns: readonly Column[]
  readonly schema: z.ZodType<T>
  /** Puts an input right before the schema sees it. */
  readonly complete: (input: Input) => Input
  /** What `known_at` is where its cell is empty. */
  readonly knownAtOf: (value: T) => Instant
  /** Nothing is known before it happened: `known_at` must not be earlier. Null: no bound. */
  readonly happenedAt: (value: T) => Instant | null
  /** What is out of its range: features/quality/ranges.ts. */
  readonly outOfRange: (value: T, knownAt: Instant) => readonly OutOfRange[]
  /** Two records of a file with the same key: the second is refused. `idColumn` names it. */
  readonly keyOf: (value: T, knownAt: Instant) => string
  readonly idColumn: string
}

/** A row as a record, or why it is none. What the file does not date is known by the import at the latest. */
export function recordOf<T>(
  row: Row<string>,
  file: CsvFile<T>,
  shiftDays: number,
  importedAt: ImportOptions['importedAt'],
): Known<T> | Fault {
  const { knownAt: knownAtText, ...input } = inputOfRow(row, file.columns, shiftDays)
  const parsed = file.schema.safeParse(file.complete(input))
  if (!parsed.success) return faultOfIssue(parsed.error.issues[0], row, file.columns)
  const known = knownAtText === undefined ? null : InstantText.safeParse(knownAtText)
  const knownAt = known === null ? Math.min(file.knownAtOf(parsed.data), importedAt) : known.data
  const happened = file.happenedAt(parsed.data)
  const [column, got] = ['known_at', row.cells.known_at ?? '']
  if (knownAt === undefined) return { column, got, want: 'an instant such as 2026-05-08T15:00:00Z' }
  if (knownAt > importedAt)
    return { column, got, want: `an instant not after this import, ${formatInstant(importedAt)}` }
  if (happened !== null && knownAt < happened) {
    return { column, got, want: `an instant not before ${formatInstant(happened)}, when it happened` }
  }
  const impossible = file.outOfRange(parsed.data, knownAt).find(({ refused }) => refused)
  if (impossible !== undefined) return rangeFault(impossible, row, file)
  return { knownAt, value: parsed.data }
}

function rangeFault<T>({ path, want, reason }: OutOfRange, row: Row<string>, { columns }: CsvFile<T>): Fault {
  const column = columnOfPath(path, columns)?.name ?? '(whole line)'
  return { column, got: row.cells[column] ?? row.original, want: `${want}: ${reason}` }
}

/**
 * The records of one of our CSV files, a chunk at a time and in the order of the file, each by its schema; a line that
 * it refuses is rejected. Returns null where the file is absent.
 */
export async function readCsvFile<T>(
  options: ImportOptions,
  tally: Tally,
  file: CsvFile<T>,
  shiftDays: number,
): Promise<(() => AsyncGenerator<readonly Known<T>[]>) | null> {
  const names = (required: boolean) => file.columns.filter((one) => one.required === required).map(({ name }) => name)
  const table = await openTable<string>(options, file.file, { required: names(true), optional: names(false) }, tally)
  if (table === null) return null
  return async function* () {
    const seen = new Map<string, number>()
    for await (const rows of table.rows()) {
      const records: Known<T>[] = []
      for (const row of rows) {
        const record = recordOf(row, file, shiftDays, options.importedAt)
        const key = 'want' in record ? '' : file.keyOf(record.value, record.knownAt)
        const before = seen.get(key)
        if ('want' in record) table.tally.reject(row, record)
        else if (before !== undefined) {
          const want = `an id that this file does not have yet at this known_at; line ${before} has it`
          table.tally.reject(row, { column: file.idColumn, got: row.cells[file.idColumn] ?? '', want })
        } else {
          seen.set(key, row.line)
          table.tally.accept()
          for (const { path, reason } of file.outOfRange(record.value, record.knownAt))
            table.tally.odd(row.line, columnOfPath(path, file.columns)?.name ?? '(whole line)', reason)
          records.push(record)
        }
      }
      yield records
    }
  }
}
