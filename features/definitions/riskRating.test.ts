import fc from 'fast-check'
import { levelNumber, ProductKind } from '../schema/levels.js'
import { derivedRiskLevel, ratingRanges } from './riskRating.js'

const kinds = ProductKind.options

test.each([
  ['money-market', 20, 'R1'],
  ['money-market', 60, 'R2'],
  ['money-market', 4_000, 'R2'],
  ['short-bond', 30, 'R2'],
  ['bond', 120, 'R2'],
  ['bond', 499, 'R2'],
  ['bond', 500, 'R3'],
  ['bond', 9_000, 'R4'],
  ['mixed-equity', 300, 'R3'],
  ['mixed-equity', 1_999, 'R3'],
  ['equity', 2_000, 'R4'],
  ['equity', 3_999, 'R4'],
  ['equity', 4_000, 'R5'],
  ['stock', 100, 'R4'],
] as const)('%s at %i bps is %s, by its volatility', (kind, volatilityBps, level) => {
  expect(derivedRiskLevel(kind, volatilityBps)).toEqual({ level, basis: 'volatility' })
})

test.each([
  ['money-market', 'R1'],
  ['bond', 'R2'],
  ['mixed-flexible', 'R4'],
  ['structured', 'R5'],
] as const)('%s without a series is %s, by its kind', (kind, level) => {
  expect(derivedRiskLevel(kind, null)).toEqual({ level, basis: 'kind' })
})

test('more volatility never lowers the level', () => {
  const volatility = fc.integer({ min: 0, max: 20_000 })
  fc.assert(
    fc.property(fc.constantFrom(...kinds), volatility, volatility, (kind, a, b) => {
      const [low, high] = a < b ? [a, b] : [b, a]
      const below = levelNumber(derivedRiskLevel(kind, low).level)
      return below <= levelNumber(derivedRiskLevel(kind, high).level)
    }),
  )
})

test.each(kinds)('%s: floor ≤ unrated ≤ ceiling', (kind) => {
  const { floor, unrated, ceiling } = ratingRanges[kind]
  expect(levelNumber(floor)).toBeLessThanOrEqual(levelNumber(unrated))
  expect(levelNumber(unrated)).toBeLessThanOrEqual(levelNumber(ceiling))
})
