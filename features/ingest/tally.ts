import { type FileReport, IngestError, type Rejection, rejectionText } from './report.js'

/** What a reader of a file tells of one record. */
export type Place = { readonly line: number; readonly original: string }
export type Fault = { readonly column: string; readonly got: string; readonly want: string }

/** The count of one file: every record of it ends in `accept` or in `reject`. */
export type FileTally = {
  readonly file: string
  readonly accept: () => void
  /** Throws IngestError `REJECTED` where the import is strict. */
  readonly reject: (place: Place, fault: Fault) => void
}

export type Tally = {
  readonly of: (file: string) => FileTally
  readonly files: () => readonly FileReport[]
  readonly rejected: () => readonly Rejection[]
}

export function startTally(strict: boolean): Tally {
  const counts = new Map<string, { accepted: number; rejected: number }>()
  const rejections: Rejection[] = []
  const of = (file: string): FileTally => {
    const count = counts.get(file) ?? { accepted: 0, rejected: 0 }
    counts.set(file, count)
    return {
      file,
      accept: () => {
        count.accepted++
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
  return { of, files, rejected: () => rejections }
}
