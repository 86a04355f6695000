import { type ComparedFeature } from '../../features/quality/compared.js'
import { short } from './histogram.js'
import { ageInWords, qualityPage } from './page.js'
import { type FeatureQuality } from './quality.js'

const share = (value: number | null, of = 1000) => ({ share: value, of })
const feature = (name: string, changes: Partial<ComparedFeature> = {}): ComparedFeature => ({
  entity: 'investor',
  name,
  version: 1,
  unit: 'months',
  meaning: `What ${name} means.`,
  owner: 'investor data',
  psi: 0.01,
  byChance: 0.002,
  drift: 'little',
  missing: { training: share(0.1), now: share(0.1) },
  bins: [
    { from: null, to: 12, training: 0, now: 0 },
    { from: 12, to: 12, training: 0.75, now: 0.5 },
    { from: 12, to: null, training: 0.25, now: 0.5 },
  ],
  ...changes,
})
const quality = (changes: Partial<FeatureQuality> = {}): FeatureQuality => ({
  at: Date.parse('2026-05-08T15:00:00.123Z'),
  release: null,
  reference: 'kept',
  trainedAsOf: Date.parse('2026-05-01T00:00:00Z'),
  compared: 'decisions',
  features: [
    feature('first', { psi: 0.4, drift: 'much', missing: { training: share(0), now: share(0.06) } }),
    feature('second'),
    feature('last', { psi: null, drift: 'unknown', bins: [], missing: { training: share(null, 0), now: share(1) } }),
  ],
  freshness: [
    { source: 'events:api', at: Date.parse('2026-05-08T14:00:00Z'), seconds: 3600 },
    { source: 'nav', at: null, seconds: null },
  ],
  storeLagRows: 3,
  outOfRange: [
    { field: 'investor.birthDate', refused: 2, odd: 0 },
    { field: 'event.occurredAt', refused: 0, odd: 0 },
  ],
  ...changes,
})

test('a page that loads nothing: every feature with its plot, freshness, what was out of range', () => {
  const page = qualityPage(quality())
  expect(page).not.toMatch(/<script|src=|href=|url\(/)
  expect(page).toContain('Of 2 features that can be told, 1 drifted much and 0 some; of 1 nothing can be told.')
  for (const name of ['first', 'second', 'last']) expect(page).toContain(`What ${name} means.`)
  expect(page.match(/<svg/g)).toHaveLength(2)
  expect(page).toContain('12: training 75.0 %, now 50.0 %')
  // The bin that both left empty is not drawn: two bins, two bars each.
  expect(page.match(/<rect/g)).toHaveLength(8)
  expect(page.indexOf('first')).toBeLessThan(page.indexOf('second'))
  expect(page).toContain('Missing more or less often than in training: first.')
  expect(page).toContain('The online store is 3 rows behind the history.')
  expect(page).toMatch(/investor\.birthDate/)
  expect(page).not.toMatch(/event\.occurredAt/)
})

test('what is not there is said', () => {
  const page = qualityPage(quality({ reference: 'none', trainedAsOf: null, features: [], compared: 'store' }))
  expect(page).toContain('Of no feature can drift be told.')
  expect(page).toContain('train and release anew')
  expect(page).toContain('ask it with --url')
  expect(qualityPage(quality({ reference: 'unreadable' }))).toContain('damaged')
})

test('names are text, never markup', () =>
  expect(qualityPage(quality({ features: [feature('<b>x')] }))).not.toContain('<b>x'))

test.each([
  [0, '0 s'],
  [59.9, '59 s'],
  [60, '1 min'],
  [3600, '1 h 0 min'],
  [90_061, '1 d 1 h'],
])('%d seconds are %s', (seconds, words) => expect(ageInWords(seconds)).toBe(words))

test.each([
  [12, '12'],
  [9999, '9999'],
  [12_345, '12.3k'],
  [-2_500_000, '-2.5M'],
  [0.123456, '0.123'],
])('%d is %s', (value, words) => expect(short(value)).toBe(words))
