import { readFileSync } from 'node:fs'
import { readPack } from './readPack.js'
import { readsActivity } from './readsActivity.js'

const open = readFileSync('packs/eval-open.yaml', 'utf8').replace('rules: []', '')
const packOf = (conditions: string) =>
  readPack(
    new TextEncoder().encode(
      `${open}rules: [{ id: ANY, scope: both, ${conditions}, source: s, confidence: own, effectiveFrom: 1970-01-01, messages: { zh-CN: x, en: x } }]`,
    ),
  )

test.each([
  ['blockUnless: investor.turnoverBps12Months < 60000', true],
  ['blockUnless: investor.riskLevel > 1 && investor.costBps12Months <= 2000', true],
  ['appliesIf: investor.turnoverBps12Months > 0, blockUnless: product.riskLevel < 3', true],
  ['appliesIf: investor.ageYears >= 65, blockUnless: product.riskLevel < 3', false],
  ['blockUnless: product.riskLevel <= investor.riskLevel', false],
])('%s reads what was bought in 12 months: %s', (conditions, reads) => {
  expect(readsActivity(packOf(conditions))).toBe(reads)
})

test('of the packs that are shipped, us-finra reads it', () => {
  expect(readsActivity(readPack(readFileSync('packs/us-finra.yaml')))).toBe(true)
  expect(readsActivity(readPack(readFileSync('packs/cn-2026.yaml')))).toBe(false)
})
