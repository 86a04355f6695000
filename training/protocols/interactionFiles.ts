import { basename } from 'node:path'
import { CsvError, parse } from 'csv-parse/sync'
import { z } from 'zod'
import { readText } from './table.js'

/** (user, item), in the order of the file; a user alone on his line has no pair. */
export type Pairs = readonly (readonly [string, string])[]

/** An instant: a number (seconds or milliseconds since 1970) or an RFC 3339 day or instant. */
const Timestamp = z.union([z.string().regex(/^-?\d+(\.\d+)?$/), z.iso.datetime({ offset: true }), z.iso.date()])

/**
 * Interactions of any implicit-feedback data: a CSV with a header that names `user` and `item` (and perhaps
 * `timestamp`), or lines of `user item item …` parted by blanks, as Gowalla's. `.gz` is unpacked.
 * Throws an Error that names file, line and column of the first fault: nothing is scored on half a file.
 */
export async function readPairs(path: string): Promise<Pairs> {
  const text = (await readText(path)).replace(/^\uFEFF/, '')
  const file = basename(path)
  const end = text.indexOf('\n')
  const pairs = (end < 0 ? text : text.slice(0, end)).includes(',') ? csvPairs(text, file) : linePairs(text, file)
  if (pairs.length === 0)
    throw new Error(`${file}: holds no interaction; want user,item rows under a header, or lines of user item item …`)
  return pairs
}

function linePairs(text: string, file: string): Pairs {
  const pairs: [string, string][] = []
  text.split('\n').forEach((line, index) => {
    const [user, ...items] = line.trim() === '' ? [] : line.trim().split(/[ \t]+/)
    if (user === undefined) return
    ;[user, ...items].forEach((token, column) => {
      if (/[,;"\p{Cc}]/u.test(token))
        throw new Error(
          `${file} line ${index + 1}, column ${column + 1}: got ${JSON.stringify(token)}, want an id; ` +
            'a CSV file needs a header with user and item on its first line',
        )
    })
    for (const item of items) pairs.push([user, item])
  })
  return pairs
}

function csvPairs(text: string, file: string): Pairs {
  const pairs: [string, string][] = []
  let columns: { user: number; item: number; timestamp: number } | null = null
  const take = (row: string[], line: number): null => {
    if (columns === null) columns = headerOf(row, file)
    else pairs.push(pairOf(row, columns, `${file} line ${line}`))
    return null
  }
  try {
    parse(text, { skip_empty_lines: true, trim: true, onRecord: (row, { lines }) => take(row, lines) })
  } catch (error) {
    if (error instanceof CsvError) throw new Error(`${file}: ${error.message}`, { cause: error })
    throw error
  }
  return pairs
}

function headerOf(row: readonly string[], file: string): { user: number; item: number; timestamp: number } {
  for (const name of ['user', 'item'])
    if (!row.includes(name))
      throw new Error(`${file} line 1: no column ${name}; got ${row.join(', ')}, want user,item[,timestamp]`)
  return { user: row.indexOf('user'), item: row.indexOf('item'), timestamp: row.indexOf('timestamp') }
}

function pairOf(
  row: readonly string[],
  columns: { user: number; item: number; timestamp: number },
  where: string,
): [string, string] {
  const user = row[columns.user] ?? ''
  const item = row[columns.item] ?? ''
  if (user === '') throw new Error(`${where}, column user: is empty, want an id`)
  if (item === '') throw new Error(`${where}, column item: is empty, want an id`)
  const timestamp = columns.timestamp < 0 ? '' : (row[columns.timestamp] ?? '')
  if (timestamp !== '' && !Timestamp.safeParse(timestamp).success)
    throw new Error(
      `${where}, column timestamp: got ${JSON.stringify(timestamp)}, want a number or such as 2026-05-08T15:00:00Z`,
    )
  return [user, item]
}
