import { readFileSync } from 'node:fs'
import { type Declaration, entities } from './vocabulary.js'

test('docs/rules.md names every input that rules may read, with its type and meaning, and no other', () => {
  const rows = [...readFileSync('docs/rules.md', 'utf8').matchAll(/^\| `(\w+\.\w+)` \| (\S+) \| (.*) \|$/gm)]
  const documented = rows.map(([, name, type, meaning]) => [name, type, meaning])
  const declared = Object.entries(entities).flatMap(([entity, declarations]) =>
    Object.entries<Declaration>(declarations).map(([field, { type, meaning, ...rest }]) => [
      `${entity}.${field}`,
      type,
      rest.values !== undefined ? `${meaning}: ${rest.values.join(', ')}` : meaning,
    ]),
  )
  expect(documented).toEqual(declared)
})
