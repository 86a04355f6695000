import { type z } from 'zod'
import { dateOfDayNumber, dayNumber, formatInstant, InstantText, LocalDate } from '../../schema/time.js'
import { type Fault } from '../tally.js'
import { type Row } from '../table.js'
import { type Column } from './column.js'

const msPerDay = 86_400_000

/** An input object for a schema, nested as the columns' paths say. */
export type Input = { [key: string]: unknown }

/** A day, an instant or a list of instants, so many days later; any other text stays, and the schema refuses it. */
function shifted(text: string, days: number): string {
  if (days === 0) return text
  if (text.includes('|')) {
    return text
      .split('|')
      .map((part) => shifted(part, days))
      .join('|')
  }
  if (LocalDate.safeParse(text).success) return dateOfDayNumber(dayNumber(text) + days)
  const parsed = InstantText.safeParse(text)
  return parsed.success ? formatInstant(parsed.data + days * msPerDay) : text
}

function put(input: Input, path: readonly string[], value: unknown): void {
  const [key = '', ...rest] = path
  if (rest.length === 0) input[key] = value
  else {
    const inner = (input[key] ?? {}) as Input
    input[key] = inner
    put(inner, rest, value)
  }
}

/** The filled cells of a row as a schema's input, every day and instant `shiftDays` later. */
export function inputOfRow(row: Row<string>, columns: readonly Column[], shiftDays: number): Input {
  const input: Input = {}
  for (const { name, path, read, time } of columns) {
    const text = row.cells[name] ?? ''
    if (text !== '') put(input, path, read(time ? shifted(text, shiftDays) : text))
  }
  return input
}

const startsWith = (path: readonly string[], start: readonly string[]): boolean =>
  start.every((key, index) => path[index] === key)

/** The column that an issue of the schema speaks of: an unknown key is the key's own. */
function columnOfIssue(issue: z.core.$ZodIssue, columns: readonly Column[]): Column | undefined {
  const path = issue.path.map(String)
  const full = issue.code === 'unrecognized_keys' ? [...path, issue.keys[0] ?? ''] : path
  return (
    columns.find((column) => startsWith(full, column.path)) ?? columns.find((column) => startsWith(column.path, full))
  )
}

/** The column that a value of the record stands in. */
export const columnOfPath = (path: readonly string[], columns: readonly Column[]): Column | undefined =>
  columns.find((column) => startsWith(path, column.path))

/** A schema's first issue as file, line and column tell it: the column's words, for they know the file. */
export function faultOfIssue(issue: z.core.$ZodIssue | undefined, row: Row<string>, columns: readonly Column[]): Fault {
  const column = issue === undefined ? undefined : columnOfIssue(issue, columns)
  if (issue === undefined || column === undefined) {
    return { column: '(whole line)', got: row.original, want: issue?.message ?? 'a valid record' }
  }
  const got = row.cells[column.name] ?? ''
  return { column: column.name, got, want: issue.code === 'unrecognized_keys' ? 'nothing, for this type' : column.want }
}
