import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { collectingSink } from '../testFolder.js'
import { importCnFunds } from './importCnFunds.js'
import { countsTable, ratingsTable } from './ratingTable.js'

const page = 'docs/data.md'
const dir = join(process.env.APTUS_REAL_DATA ?? '../shared/data', 'cn-funds')
const present = existsSync(dir)
if (!present)
  console.warn('skipped: the ratings of docs/data.md; set APTUS_REAL_DATA to the folder that holds cn-funds')
const real = present ? test : test.skip

/** Puts a table between its two marks. */
const placed = (text: string, name: string, table: string): string =>
  text.replace(
    new RegExp(`<!-- ${name} -->[\\s\\S]*<!-- /${name} -->`),
    () => `<!-- ${name} -->\n\n${table}\n\n<!-- /${name} -->`,
  )

real('docs/data.md shows the ratings as they are; APTUS_WRITE_DOCS=1 writes them anew', async () => {
  const { sink, products } = collectingSink()
  await importCnFunds({ dir, strict: false, importedAt: Date.parse('2026-06-01T00:00:00Z') }, sink)
  const all = products.flatMap(({ changes }) => changes)
  const text = readFileSync(page, 'utf8')
  const anew = placed(placed(text, 'counts', countsTable(all)), 'ratings', ratingsTable(all, 2026))
  if (process.env.APTUS_WRITE_DOCS === '1') writeFileSync(page, anew)
  expect(readFileSync(page, 'utf8')).toBe(anew)
})

test('an empty catalogue has tables without funds', () => {
  expect(countsTable([])).toContain('| volatility | 0 | 0 | 0 | 0 | 0 | 0 |')
  expect(ratingsTable([], 1).split('\n')).toHaveLength(2)
})
