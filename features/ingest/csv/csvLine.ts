import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { type Known } from '../../schema/records.js'
import { formatInstant } from '../../schema/time.js'
import { quoted } from '../report.js'
import { type Column } from './column.js'
import { type CsvFile, recordOf } from './readCsvFile.js'

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const valueAt = (input: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), input)

/** Nothing, an empty list and an empty map are an empty cell. */
function cellOf({ path, write }: Column, input: unknown): string {
  const value = valueAt(input, path)
  return value === null || value === undefined || (isObject(value) && Object.keys(value).length === 0)
    ? ''
    : write(value)
}

/** The header of a file, with LF. */
export const csvHeader = ({ columns }: Pick<CsvFile<unknown>, 'columns'>): string =>
  `${columns.map(({ name }) => name).join(',')}\n`

/**
 * A record as a line of its file, RFC 4180 with LF. It is read back at once: throws a RangeError where the line would
 * not give the same record, as for an empty list whose absence means something else, or a text with a line break.
 */
export function csvLine<T>(file: CsvFile<T>, record: Known<T>): string {
  const input = { ...(z.encode(file.schema, record.value) as object), knownAt: formatInstant(record.knownAt) }
  const cells = Object.fromEntries(file.columns.map((column) => [column.name, cellOf(column, input)]))
  const texts = Object.values(cells)
  const back = recordOf({ line: 0, original: '', cells }, file, 0, Number.POSITIVE_INFINITY)
  if (!isDeepStrictEqual(back, { knownAt: record.knownAt, value: record.value }) || texts.some(breaksLine)) {
    const told = 'want' in back ? `${back.column}: want ${back.want}` : 'what is read back differs'
    throw new RangeError(`${file.file}: ${cells[file.idColumn] ?? ''} cannot be told by a line of it; ${told}`)
  }
  return `${texts.map(quoted).join(',')}\n`
}

const breaksLine = (text: string): boolean => /[\r\n]/.test(text)
