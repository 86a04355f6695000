import { type FileReport, IngestError, type Rejection, rejectionText } from './report.js'

/** What a reader of a file tells of one record. */
export type Place = { readonly line: number; readonly original: string }
export type Fault = { readonly column: string; readonly got: string; readonly want: string }

/** The count of one file: every record of it ends in `accept` or in `reject`. */
export type FileTally = {
  readonly file: string
  readonly accept: () => void
  /** Counts a value that is taken in and odd; `column` is told with the line of the first. */
  readonly odd: (line: number, column: string, reason: string) => void
  /** Throws IngestError `REJECTED` where the import is strict. */
  readonly reject: (place: Place, fault: Fault) => void
}

export type Tally = {
  readonly of: (file: string) => FileTally
  readonly files: () => readonly FileReport[]
  readonly rejected: () => readonly Rejection[]
  /** A sentence a column that held odd values. */
  readonly odd: () => readonly string[]
}

type Odd = { readonly line: number; readonly reason: string; count: number }

export function startTally(strict: boolean): Tally {
  const counts = new Map<string, { accepted: number; rejected: number }>()
  const rejections: Rejection[] = []
  const oddities = new Map<string, Odd>()
  const of = (file: string): FileTally => {
    const count = counts.get(file) ?? { accepted: 0, rejected: 0 }
    counts.set(file, count)
    return {
      file,
      accept: () => {
        count.accepted++
      },
      odd: (line, column, reason) => {
        const known = oddities.get(`${file}, column ${column}`)
        if (known === undefined) oddities.set(`${file}, column ${column}`, { line, reason, count: 1 })
        else known.count++
      },
      reject: ({ line, original }, fault) => {
        const rejection = { file, line, ...fault, original }
        if (strict)
          throw new IngestError('REJECTED', `${rejectionText(rejection)}; mend the line, or import without strict`)
        count.rejected++
        rejections.push(rejection)
      },
    }
  }
  const files = () =>
    [...counts].map(([file, { accepted, rejected }]) => ({ file, rows: accepted + rejected, accepted, rejected }))
  const odd = () =>
    [...oddities].map(
      ([where, { count, line, reason }]) =>
        `${where}: odd and taken in, ${count} ${count === 1 ? 'value' : 'values'}, first in line ${line}: ${reason}`,
    )
  return { of, files, rejected: () => rejections, odd }
}
