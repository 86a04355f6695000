import { type Instant } from '../schema/time.js'

export type ImportOptions = {
  /** Folder that holds the files. */
  readonly dir: string
  /** Throws at the first line that fails, instead of keeping it apart. */
  readonly strict: boolean
  /** When this import takes place (ms UTC): what a record without any instant of its own was known from. */
  readonly importedAt: Instant
  /** Bytes read of a file, and its size; null where the size is not known. */
  readonly onProgress?: (file: string, done: number, total: number | null) => void
  /**
   * Of `csv` alone, and for example data: every date and instant of the files moves by the same whole number of days,
   * so that the newest `known_at` falls on the day before this instant (ms UTC, days in UTC).
   */
  readonly shiftToMs?: Instant
}

/** A line that did not go in. `line` is the line of the file where the record begins; the header is line 1. */
export type Rejection = {
  readonly file: string
  readonly line: number
  readonly column: string
  readonly got: string
  readonly want: string
  /** The record as it stands in the file. */
  readonly original: string
}

export type FileReport = {
  readonly file: string
  readonly rows: number
  readonly accepted: number
  readonly rejected: number
}

export type ImportReport = {
  readonly source: string
  readonly files: readonly FileReport[]
  /** What the sink was given. */
  readonly accepted: { readonly investors: number; readonly products: number; readonly events: number }
  readonly rejected: readonly Rejection[]
  /** What a reader must know: files that are absent, what was assumed. */
  readonly notes: readonly string[]
}

/**
 * `BAD_HEADER`: a column is missing or unknown; `NO_FILES`: a file that the importer needs is absent;
 * `DAMAGED`: a `.gz` cannot be unpacked; `REJECTED`: a line failed and the import is strict; `OCCUPIED`: files are to be
 * written where some of theirs are.
 */
export class IngestError extends Error {
  readonly code: 'BAD_HEADER' | 'NO_FILES' | 'DAMAGED' | 'REJECTED' | 'OCCUPIED'
  constructor(code: IngestError['code'], message: string) {
    super(message)
    this.name = 'IngestError'
    this.code = code
  }
}

const shown = (got: string): string => JSON.stringify(got.length > 80 ? `${got.slice(0, 80)}…` : got)

/** `products.csv line 18, column risk_level: got "R7", want R1 to R5` */
export const rejectionText = ({ file, line, column, got, want }: Rejection): string =>
  `${file} line ${line}, column ${column}: got ${shown(got)}, want ${want}`

/** A cell as RFC 4180 has it. */
export const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** The lines of `rejected.csv`, header first: `file,line,column,reason,original`, RFC 4180 with LF. */
export function* rejectedCsv(rejections: Iterable<Rejection>): Generator<string> {
  yield 'file,line,column,reason,original\n'
  for (const one of rejections) {
    const reason = `got ${shown(one.got)}, want ${one.want}`
    yield `${[one.file, String(one.line), one.column, reason, one.original].map(quoted).join(',')}\n`
  }
}
