import { readFileSync } from 'node:fs'
import { exampleFiles } from './files.js'

const files = exampleFiles(2026)

test.each(Object.keys(files))('%s is what the generator makes', (name) => {
  expect(readFileSync(`examples/data/${name}`, 'utf8')).toBe(files[name])
})

test('they stay small', () => {
  const bytes = Object.values(files).reduce((sum, content) => sum + Buffer.byteLength(content), 0)
  expect(bytes).toBeLessThan(600_000)
})
