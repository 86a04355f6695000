import { readFileSync } from 'node:fs'
import { type Column } from './column.js'
import { eventColumns } from './eventColumns.js'
import { investorColumns } from './investorColumns.js'
import { navFile } from './nav.js'
import { productColumns } from './productColumns.js'

const page = readFileSync('docs/data.md', 'utf8')
const section = (name: string): string => page.split(`### ${name}\n`)[1]?.split('\n#')[0] ?? ''

test.each<[string, readonly Column[]]>([
  ['investors.csv', investorColumns],
  ['products.csv', productColumns],
  ['events.csv', eventColumns],
  ['nav.csv', navFile.columns],
])('docs/data.md names every column of %s, in order, and which of them must stand', (file, columns) => {
  const documented = [...section(file).matchAll(/^\| `([a-z0-9_]+)`( \*)? \|/gm)].map(([, name, star]) => [
    name,
    !!star,
  ])
  expect(documented).toEqual(columns.map(({ name, required }) => [name, required]))
})
