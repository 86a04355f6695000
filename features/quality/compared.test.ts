import { randomFor } from '../definitions/random.js'
import { compareFeatures } from './compared.js'
import { countsOf } from './counts.js'
import { comparedFeatures, decodeReference, edgesFor, encodeReference, referenceOf } from './reference.js'

const at = Date.parse('2026-05-08T15:00:00Z')
const width = comparedFeatures.investor.length
const [age, tolerance, horizon] = ['age', 'tolerance_level', 'horizon'].map((name) =>
  comparedFeatures.investor.findIndex((feature) => feature.name === name),
) as [number, number, number]

/** Persons of whom age, level and horizon are known, the last of every other one. */
function persons(count: number, seed: number, older = 0): Float32Array[] {
  const random = randomFor(seed, 'persons')
  return Array.from({ length: count }, (_, n) => {
    const vector = new Float32Array(width).fill(Number.NaN)
    vector[age] = 40 + older + 12 * random.normal()
    vector[tolerance] = 1 + Math.floor(5 * random.uniform())
    if (n % 2 === 0) vector[horizon] = 12
    return vector
  })
}

const reference = referenceOf(at, persons(5000, 1), [])
const compared = (now: readonly Float32Array[]) =>
  compareFeatures(reference, {
    investor: countsOf(edgesFor(reference, 'investor'), now),
    product: countsOf(edgesFor(reference, 'product'), []),
  })
const of = (name: string, now: readonly Float32Array[]) => compared(now).find((feature) => feature.name === name)

test('the same population: PSI about what chance gives, missing rates alike', () => {
  const found = of('age', persons(5000, 2))
  expect(found).toMatchObject({ drift: 'little', missing: { training: { share: 0 }, now: { share: 0, of: 5000 } } })
  expect(found?.psi).toBeLessThan(3 * (found?.byChance ?? 0))
  expect(of('horizon', persons(5000, 2))?.missing).toEqual({
    training: { share: 0.5, of: 5000 },
    now: { share: 0.5, of: 5000 },
  })
})

test('a population 12 years older has drifted in age and in nothing else, and stands first', () => {
  const [first, second] = compared(persons(5000, 2, 12))
  // About 1 of two normal distributions a standard deviation apart; bins lose a part.
  expect(first).toMatchObject({ name: 'age', drift: 'much' })
  expect(first?.psi).toBeGreaterThan(0.8)
  expect(first?.psi).toBeLessThan(1.05)
  expect(second?.drift).toBe('little')
})

test('too few to tell, none at all, never known: unknown, and last', () => {
  expect(of('age', persons(100, 2, 12))).toMatchObject({ drift: 'unknown', psi: expect.any(Number) as number })
  expect(of('age', [])).toMatchObject({ drift: 'unknown', psi: null, missing: { now: { share: null, of: 0 } } })
  expect(compared(persons(5000, 2)).at(-1)).toMatchObject({ drift: 'unknown', psi: null })
})

test('bins cover all, as they were counted, and their shares add up to 1', () => {
  const bins = of('tolerance_level', persons(5000, 2))?.bins ?? []
  expect(bins.map(({ from, to }) => [from, to])).toEqual([
    [null, 1],
    [1, 1],
    [1, 2],
    [2, 3],
    [3, 4],
    [4, 5],
    [5, null],
  ])
  for (const side of ['training', 'now'] as const)
    expect(bins.reduce((sum, bin) => sum + bin[side], 0)).toBeCloseTo(1, 12)
  expect(bins[0]).toMatchObject({ training: 0, now: 0 })
})

test('without a reference nothing is compared, and missing rates are told all the same', () => {
  const now = {
    investor: countsOf(edgesFor(null, 'investor'), persons(10, 1)),
    product: countsOf(edgesFor(null, 'product'), []),
  }
  const found = compareFeatures(null, now).find(({ name }) => name === 'horizon')
  expect(found).toMatchObject({ psi: null, drift: 'unknown', bins: [], missing: { now: { share: 0.5, of: 10 } } })
})

test('a reference is read back as it was written; a column of another version is not compared', () => {
  expect(decodeReference(encodeReference(reference))).toEqual(reference)
  expect(() => decodeReference(new TextEncoder().encode('{"v":2}'))).toThrow()
  const older = {
    ...reference,
    investor: reference.investor.map((column) => (column.id === 'age@1' ? { ...column, id: 'age@0' } : column)),
  }
  expect(edgesFor(older, 'investor')[age]).toEqual([])
})
