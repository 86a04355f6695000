import { collectingSink } from '../testFolder.js'
import { importCsv } from './importCsv.js'

const to = Date.parse('2027-03-03T06:00:00Z')

test('the example data come in whole, and their newest fact is of the day before', async () => {
  const { sink, products, investors, events } = collectingSink()
  const report = await importCsv({ dir: 'examples/data', strict: true, importedAt: to, shiftToMs: to }, sink)
  expect(report.accepted).toEqual({ investors: 99, products: 200, events: 2_999 })
  const known = [...products, ...investors, ...events].map(({ knownAt }) => knownAt)
  expect(new Date(Math.max(...known)).toISOString().slice(0, 10)).toBe('2027-03-02')
  expect(products.every(({ knownAt }, i) => i === 0 || knownAt > (products[i - 1]?.knownAt ?? 0))).toBe(true)
  const newest = new Map(products.flatMap(({ changes }) => changes).map((product) => [product.id, product]))
  expect(newest.size).toBe(200)
  expect([...newest.values()].filter(({ facts }) => (facts?.navDate ?? '') >= '2027-03-01').length).toBe(199)
  expect([...newest.values()].filter(({ facts }) => facts?.volatilityBps != null).length).toBe(200)
  const levels = new Set(investors.map(({ value }) => value.riskAssessment?.level ?? 'none'))
  expect([...levels].sort()).toEqual(['C1', 'C2', 'C3', 'C4', 'C5', 'none'])
})

test('the five investors for the real funds: C1 to C5, assessed before they are known', async () => {
  const { sink, investors } = collectingSink()
  await importCsv({ dir: 'examples/cn-investors', strict: true, importedAt: to }, sink)
  expect(investors.map(({ value }) => value.riskAssessment?.level)).toEqual(['C1', 'C2', 'C3', 'C4', 'C5'])
  for (const { knownAt, value } of investors) {
    expect(value.riskAssessment?.assessedAt).toBeLessThan(knownAt)
    expect(new Date(knownAt).toISOString().slice(0, 10)).toBe('2026-05-01')
  }
  expect(investors[4]?.value.objectives).toHaveLength(5)
})
