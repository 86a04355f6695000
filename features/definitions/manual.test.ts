import { readFileSync } from 'node:fs'
import { allFeatures } from './catalogue.js'
import { featureId } from './feature.js'
import { featuresManual } from './manual.js'

test('docs/features.md is made from the definitions: run "aptus features list --write docs/features.md"', () => {
  expect(readFileSync('docs/features.md', 'utf8')).toBe(featuresManual())
})

test('every definition stands in it, with a sentence', () => {
  const page = featuresManual()
  for (const feature of allFeatures) {
    expect(page).toContain(`| \`${featureId(feature)}\` |`)
    expect(feature.meaning).toMatch(/^[A-Z].*\.$/)
  }
})
