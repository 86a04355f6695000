import { type Backtest } from '../../../audit/backtest/backtest.js'
import { openBacktest } from '../../../audit/backtest/openBacktest.js'
import { FirmId } from '../../../features/schema/ids.js'
import { randomDecisions } from '../../../tests/randomDecisions.js'
import { reportOf } from './backtest.js'
import { headline } from './page.js'

const empty = openBacktest(randomDecisions.pack).result({
  firmId: FirmId.parse('default'),
  from: null,
  to: null,
  ledger: { entries: 0, head: '' },
  erased: 0,
  leftOut: 0,
})
const hostile = '<script>alert("x")</script>'
const product = {
  productId: 'P1',
  name: hostile,
  companyName: hostile,
  kind: 'bond',
  riskLevel: 'R2',
  lost: { decisions: 1, investors: 1 },
  gained: { decisions: 0, investors: 0 },
  items: 1,
}
const found = {
  ...empty,
  decisions: { ...empty.decisions, compared: 2000, unlikeRecord: 1, withoutActivity: 2, erased: 3 },
  total: { ...empty.total, decisions: 2000, investors: 1, changed: { decisions: 1, investors: 1 }, lost: 1 },
  products: [product],
  companies: [{ companyId: 'C', companyName: hostile, products: 1, lost: 1, gained: 1, items: 1 }],
  examples: [
    {
      what: 'blocked',
      decisionId: 'd-1',
      at: 0,
      level: 'C4',
      productId: 'P1',
      productName: hostile,
      riskLevel: 'R2',
      rank: 1,
      ruleId: 'X',
      source: hostile,
      words: { en: hostile, 'zh-CN': hostile },
    },
  ],
} as unknown as Backtest

test('nothing that a pack or a catalogue says becomes markup', () => {
  const { page } = reportOf(found)
  expect(page).not.toContain('<script')
  expect(page.split('&lt;script&gt;').length).toBeGreaterThan(5)
  expect(page).not.toMatch(/(?:src|href)=|@import|url\(/)
})

test('the same back-test gives the same page, and another another', () => {
  expect(reportOf(found).digest).toBe(reportOf(structuredClone(found)).digest)
  expect(reportOf(empty).digest).not.toBe(reportOf(found).digest)
})

test('what is to be doubted is said aloud', () => {
  const { page } = reportOf(found)
  for (const words of ['Do not rely on this page', '2 decisions did not record it', '3 decisions of erased persons'])
    expect(page).toContain(words)
  expect(reportOf(empty).page).not.toContain('class="warn"')
})

test('the headline is one sentence', () => {
  expect(headline(empty)).toBe('There is no recorded decision to compare.')
  expect(headline(found)).toBe(
    'Of 2,000 decisions for 1 investor, 1 (0.1 %) would have differed: a product lost 1 time and gained 0 times; 0 served items of 0 slates blocked.',
  )
  const unchanged = { ...found, total: { ...found.total, changed: { decisions: 0, investors: 0 } } }
  expect(headline(unchanged)).toBe('Of 2,000 decisions for 1 investor, none would have differed.')
})
