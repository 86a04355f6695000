import { parse } from 'csv-parse/sync'
import { errorCode } from './errorCode.js'

/** A record of a CSV file, RFC 4180: its first line's number (from 1), its text, and its fields; null: malformed. */
export type CsvRecord = { readonly line: number; readonly original: string; readonly fields: readonly string[] | null }

/** A quoted field may span lines, but a quote that is never closed must not swallow the file. */
const mostLinesOfARecord = 50

const quotesIn = (text: string): number => {
  let count = 0
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) count++
  return count
}

function fieldsOf(text: string): readonly string[] | null {
  if (!text.includes('"')) return text.split(',')
  try {
    return parse(text, { relax_column_count: true })[0] ?? null
  } catch (error) {
    // csv-parse names its faults CSV_…, but for this one.
    if (errorCode(error).startsWith('CSV_') || errorCode(error) === 'INVALID_OPENING_QUOTE') return null
    throw error
  }
}

/**
 * Puts physical lines together to records: a record ends where its quotes are even. One whose quote stays open for
 * more than 50 lines, or to the end of the file, is malformed in its first line alone, and reading goes on after it.
 * csv-parse splits what has quotes; the rest needs no parser. Empty lines are passed over.
 */
export class RecordAssembler {
  #line = 0
  #pending: string[] = []
  #quotes = 0

  /** The records that end with this line, in order. */
  push(text: string): readonly CsvRecord[] {
    this.#line++
    if (this.#pending.length === 0) {
      if (text === '') return []
      const quotes = quotesIn(text)
      if (quotes % 2 === 0) return [{ line: this.#line, original: text, fields: fieldsOf(text) }]
      this.#pending = [text]
      this.#quotes = quotes
      return []
    }
    this.#pending.push(text)
    this.#quotes += quotesIn(text)
    if (this.#quotes % 2 === 0) return [this.#take()]
    return this.#pending.length > mostLinesOfARecord ? this.#giveUp() : []
  }

  /** What is left when the file ends. */
  end(): readonly CsvRecord[] {
    const records: CsvRecord[] = []
    while (this.#pending.length > 0) records.push(...this.#giveUp())
    return records
  }

  #take(): CsvRecord {
    const original = this.#pending.join('\n')
    const line = this.#line - this.#pending.length + 1
    this.#pending = []
    return { line, original, fields: fieldsOf(original) }
  }

  /** The first pending line is malformed; the others are read anew. */
  #giveUp(): readonly CsvRecord[] {
    const [original = '', ...others] = this.#pending
    this.#line -= this.#pending.length
    const malformed = { line: ++this.#line, original, fields: null }
    this.#pending = []
    return [malformed, ...others.flatMap((text) => this.push(text))]
  }
}
