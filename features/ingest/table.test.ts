import { gzipSync } from 'node:zlib'
import { startTally } from './tally.js'
import { rejectedCsv, rejectionText } from './report.js'
import { openTable } from './table.js'
import { withFolder } from './testFolder.js'

const columns = { required: ['a', 'b'], optional: ['c'] } as const

async function read(content: string | Uint8Array, { strict = false, file = 't.csv' } = {}) {
  return withFolder({ [file]: content }, async (dir) => {
    const tally = startTally(strict)
    const table = await openTable({ dir, strict, importedAt: 0 }, 't.csv', columns, tally)
    const rows: [number, string, string, string][] = []
    for await (const chunk of table?.rows() ?? []) {
      for (const { line, cells } of chunk) rows.push([line, cells.a, cells.b, cells.c])
    }
    return { rows, rejected: tally.rejected(), absent: table === null }
  })
}

test('byte-order mark, CRLF, quotes, commas and line ends in fields, empty lines, other column order', async () => {
  const { rows, rejected } = await read('\uFEFFb,a\r\n1,"x, ""y"""\r\n\r\n2,"two\r\nlines"\r\n3,z')
  expect(rejected).toEqual([])
  expect(rows).toEqual([
    [2, 'x, "y"', '1', ''],
    [4, 'two\nlines', '2', ''],
    [6, 'z', '3', ''],
  ])
})

test('a gzip file is read under its own name', async () => {
  const { rows } = await read(gzipSync('a,b\n1,2\n'), { file: 't.csv.gz' })
  expect(rows).toEqual([[2, '1', '2', '']])
})

test('a file that is absent is null', async () => {
  expect((await read('a,b\n', { file: 'other.csv' })).absent).toBe(true)
})

test.each([
  ['', 'the file is empty; want a header line'],
  ['a\n1\n', 'column b: missing; add it'],
  ['a,b,d\n1,2,3\n', 'column "d": not known; want of a, b, c'],
  ['a,b,a\n1,2,3\n', 'column a: stands twice; want it once'],
  ['a,x"b"\n1,2\n', 'no header can be read; want UTF-8 text with the columns’ names, separated by commas'],
  ['a,b\0\n1,2\n', 'no header can be read; want UTF-8 text with the columns’ names, separated by commas'],
])('header %j: %s', async (content, message) => {
  await expect(read(content)).rejects.toMatchObject({ code: 'BAD_HEADER', message: `t.csv line 1, ${message}` })
})

test.each([
  ['what is no gzip', Buffer.from('a,b\n1,2\n'), 't.csv.gz: this is no gzip file (Z_DATA_ERROR); get it again, whole'],
  [
    'a gzip file that was cut short',
    gzipSync('a,b\n1,2\n').subarray(0, -9),
    't.csv.gz: the file was cut short (Z_BUF_ERROR); get it again, whole',
  ],
])('%s is told', async (_, content, message) => {
  await expect(read(content, { file: 't.csv.gz' })).rejects.toMatchObject({ code: 'DAMAGED', message })
})

test('a quote inside a field that is not quoted fails its line alone', async () => {
  const { rows, rejected } = await read('a,b\n1,x "y" z\n2,3\n')
  expect(rows).toEqual([[3, '2', '3', '']])
  expect(rejected).toMatchObject([{ line: 2, column: '(whole line)' }])
})

test('lines that fail are told by line and kept; the rest goes in', async () => {
  const { rows, rejected } = await read('a,b\n1,2\n3\na,b\n4,"bad"x\n5,6\n"open,7\n8,9\n')
  expect(rows.map(([line]) => line)).toEqual([2, 6, 8])
  expect(rejected.map(rejectionText)).toEqual([
    't.csv line 3, column (whole line): got "1 fields", want 2 fields',
    't.csv line 4, column (whole line): got "a,b", want a record; this is the header again',
    't.csv line 5, column (whole line): got "4,\\"bad\\"x", want quotes that open and close around a field, doubled inside it',
    't.csv line 7, column (whole line): got "\\"open,7", want quotes that open and close around a field, doubled inside it',
  ])
  expect([...rejectedCsv(rejected)].slice(0, 2)).toEqual([
    'file,line,column,reason,original\n',
    't.csv,3,(whole line),"got ""1 fields"", want 2 fields",3\n',
  ])
})

test('strict stops at the first', async () => {
  await expect(read('a,b\n3\n', { strict: true })).rejects.toMatchObject({ code: 'REJECTED' })
})

test('progress ends at the size of the file', async () => {
  const content = 'a,b\n' + '1,2\n'.repeat(1_000)
  await withFolder({ 't.csv': content }, async (dir) => {
    const seen: number[] = []
    const onProgress = (_: string, done: number, total: number | null) => {
      seen.push(done)
      expect(total).toBe(content.length)
    }
    const table = await openTable({ dir, strict: true, importedAt: 0, onProgress }, 't.csv', columns, startTally(true))
    for await (const rows of table?.rows() ?? []) expect(rows.length).toBeLessThanOrEqual(1_000)
    expect(seen.at(-1)).toBe(content.length)
  })
})
