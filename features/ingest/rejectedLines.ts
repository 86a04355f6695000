import { RecordAssembler } from './records.js'

const recordsOf = (csv: string): readonly string[] => {
  const assembler = new RecordAssembler()
  const records = [...csv.split('\n').flatMap((line) => assembler.push(line)), ...assembler.end()]
  return records.map(({ original }) => original)
}

/** The lines of a `rejected.csv`, but for its header, that hold a text anywhere. */
export const rejectedAbout = (csv: string, text: string): readonly string[] =>
  recordsOf(csv).filter((line, place) => place > 0 && line.includes(text))

/** A `rejected.csv` without the lines that hold a text anywhere, and how many those were. The header stays. */
export function rejectedWithout(csv: string, text: string): { readonly csv: string; readonly dropped: number } {
  const records = recordsOf(csv)
  const kept = records.filter((line, place) => place === 0 || !line.includes(text))
  return { csv: kept.map((line) => `${line}\n`).join(''), dropped: records.length - kept.length }
}
