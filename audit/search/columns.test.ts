import { readFileSync } from 'node:fs'
import { columns } from './columns.js'

test('the documentation tells every column of an export, in its order', () => {
  const told = [...readFileSync('docs/search.md', 'utf8').matchAll(/^\| `(\w+)` \| (.*) \|$/gm)]
  expect(told.map(([, name, means]) => [name, name === 'at' ? null : means])).toEqual(
    columns.map(({ name, means }) => (name === 'at_ms' ? ['at', null] : [name, means])),
  )
})
