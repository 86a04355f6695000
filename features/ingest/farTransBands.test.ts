import {
  farTransBand,
  farTransBandOfRows,
  farTransKind,
  farTransRiskLevel,
  farTransTolerance,
  isFarTransRiskLevel,
} from './farTransBands.js'

test.each([
  ['MTF', 'Money Market', 0, 'R1', 'money-market'],
  ['Bond', 'Government', 0, 'R1', 'government-bond'],
  ['MTF', 'Bond', 1, 'R2', 'bond'],
  ['MTF', 'Bonds', 1, 'R2', 'bond'],
  ['Bond', 'Corporate', 1, 'R2', 'corporate-bond'],
  ['MTF', 'Equity', 3, 'R4', 'equity'],
  ['MTF', 'Other', 2, 'R3', 'mixed-flexible'],
  ['MTF', 'Balanced', 2, 'R3', 'mixed-balanced'],
  ['MTF', 'Structured', 2, 'R3', 'structured'],
  ['Stock', '', 2, 'R3', 'stock'],
  ['Stock', 'Large Cap', 2, 'R3', 'stock'],
] as const)('%s/%s has band %i, level %s, kind %s', (assetCategory, assetSubCategory, band, level, kind) => {
  const row = { assetCategory, assetSubCategory }
  expect(farTransBand(row)).toBe(band)
  expect(farTransRiskLevel(farTransBand(row))).toBe(level)
  expect(farTransKind(row)).toBe(kind)
})

test('an undocumented category has no kind', () => {
  expect(farTransKind({ assetCategory: 'Crypto', assetSubCategory: '' })).toBeNull()
})

test('of several rows of an ISIN the highest band stands', () => {
  const stock = { assetCategory: 'Stock', assetSubCategory: '' }
  const bondFund = { assetCategory: 'MTF', assetSubCategory: 'Bond' }
  expect(farTransBandOfRows([stock, bondFund])).toBe(2)
  expect(farTransBandOfRows([bondFund, stock])).toBe(2)
})

test.each([
  ['Conservative', 'C1', 0, 'questionnaire'],
  ['Income', 'C2', 1, 'questionnaire'],
  ['Balanced', 'C3', 2, 'questionnaire'],
  ['Aggressive', 'C4', 3, 'questionnaire'],
  ['Predicted_Income', 'C2', 1, 'predicted'],
] as const)('%s is %s', (text, level, band, basis) => {
  expect(farTransTolerance(text)).toEqual({ level, band, basis })
  expect(isFarTransRiskLevel(text)).toBe(true)
})

test('Not_Available is documented and has no tolerance; other texts are not documented', () => {
  expect(farTransTolerance('Not_Available')).toBeNull()
  expect(isFarTransRiskLevel('Not_Available')).toBe(true)
  expect(isFarTransRiskLevel('Wild')).toBe(false)
  expect(isFarTransRiskLevel('Predicted_Not_Available')).toBe(false)
})
