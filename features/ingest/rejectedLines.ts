import { RecordAssembler } from './records.js'

/** A `rejected.csv` without the lines that hold a text anywhere, and how many those were. The header stays. */
export function rejectedWithout(csv: string, text: string): { readonly csv: string; readonly dropped: number } {
  const assembler = new RecordAssembler()
  const records = [...csv.split('\n').flatMap((line) => assembler.push(line)), ...assembler.end()]
  const kept = records.filter(({ original }, place) => place === 0 || !original.includes(text))
  return { csv: kept.map(({ original }) => `${original}\n`).join(''), dropped: records.length - kept.length }
}
