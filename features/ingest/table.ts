import { findFile, linesOf } from './lines.js'
import { type CsvRecord, RecordAssembler } from './records.js'
import { type ImportOptions, IngestError } from './report.js'
import { type FileTally, type Place, type Tally } from './tally.js'

/** The columns that a file must and may have. */
export type Columns<C extends string> = { readonly required: readonly C[]; readonly optional: readonly C[] }

/** One record by its columns; a column that the file does not have reads as ''. */
export type Row<C extends string> = Place & { readonly cells: Readonly<Record<C, string>> }

export type Table<C extends string> = {
  readonly tally: FileTally
  /** A chunk's rows at a time. A record that is malformed or has too few or many fields is rejected here. */
  readonly rows: () => AsyncGenerator<readonly Row<C>[]>
}

const headerError = (file: string, what: string): IngestError =>
  new IngestError('BAD_HEADER', `${file} line 1, ${what}`)

/** Index of each wanted column in the header; -1 where an optional one is absent. */
function indexOfColumns<C extends string>(file: string, header: readonly string[], { required, optional }: Columns<C>) {
  const known = new Set<string>([...required, ...optional])
  const unknown = header.find((name) => !known.has(name))
  if (unknown !== undefined) {
    throw headerError(file, `column ${JSON.stringify(unknown)}: not known; want of ${[...known].join(', ')}`)
  }
  const twice = header.find((name, index) => header.indexOf(name) !== index)
  if (twice !== undefined) throw headerError(file, `column ${twice}: stands twice; want it once`)
  const missing = required.find((name) => !header.includes(name))
  if (missing !== undefined) throw headerError(file, `column ${missing}: missing; add it`)
  return [...required, ...optional].map((name) => [name, header.indexOf(name)] as const)
}

/** No column's name holds a NUL or bytes that are no UTF-8: such a file is told as what it is, not by its first name. */
function headerOf(file: string, { original, fields }: CsvRecord): readonly string[] {
  if (fields === null || /[\0\uFFFD]/.test(original))
    throw headerError(file, 'no header can be read; want UTF-8 text with the columns’ names, separated by commas')
  return fields.map((name) => name.trim())
}

function rowOf<C extends string>(record: CsvRecord, places: readonly (readonly [C, number])[]): Row<C> {
  const cells = {} as Record<C, string>
  for (const [name, index] of places) cells[name] = record.fields?.[index] ?? ''
  return { line: record.line, original: record.original, cells }
}

const sameFields = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((field, index) => field === b[index])

function lineFault(fields: readonly string[] | null, header: readonly string[], original: string) {
  const whole = { column: '(whole line)', got: original }
  if (fields === null) return { ...whole, want: 'quotes that open and close around a field, doubled inside it' }
  if (fields.length !== header.length) {
    return { column: '(whole line)', got: `${fields.length} fields`, want: `${header.length} fields` }
  }
  return sameFields(fields, header) ? { ...whole, want: 'a record; this is the header again' } : null
}

/**
 * Opens `file` (or `file.gz`) of the import's folder; null where it is absent. Reading throws IngestError `BAD_HEADER`
 * where a column is missing, unknown or doubled.
 */
export async function openTable<C extends string>(
  { dir, onProgress }: ImportOptions,
  file: string,
  columns: Columns<C>,
  tally: Tally,
): Promise<Table<C> | null> {
  const found = await findFile(dir, file)
  if (found === null) return null
  const fileTally = tally.of(found.file)
  const rows = async function* (): AsyncGenerator<readonly Row<C>[]> {
    let header: readonly string[] | null = null
    let places: readonly (readonly [C, number])[] = []
    for await (const records of recordsOf(linesOf(dir, found, onProgress))) {
      let good: Row<C>[] = []
      for (const record of records) {
        if (header === null) {
          header = headerOf(found.file, record)
          places = indexOfColumns(found.file, header, columns)
          continue
        }
        const fault = lineFault(record.fields, header, record.original)
        if (fault === null) good.push(rowOf(record, places))
        else {
          // What stands before goes first, so that faults are told in the order of their lines.
          yield good
          good = []
          fileTally.reject(record, fault)
        }
      }
      yield good
    }
    if (header === null) throw headerError(found.file, 'the file is empty; want a header line')
  }
  return { tally: fileTally, rows }
}

async function* recordsOf(chunks: AsyncIterable<readonly string[]>): AsyncGenerator<readonly CsvRecord[]> {
  const assembler = new RecordAssembler()
  for await (const lines of chunks) {
    const records: CsvRecord[] = []
    for (const line of lines) for (const record of assembler.push(line)) records.push(record)
    yield records
  }
  yield assembler.end()
}
