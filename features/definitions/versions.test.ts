import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { seededAccounts, seededTraits } from '../../tests/seededAccounts.js'
import { activityFacts } from './activityFacts.js'
import { allFeatures, featureById, storedFeatures } from './catalogue.js'
import { type AnyFeature, featureId } from './feature.js'
import { featureDigest } from './featureDigest.js'
import { valueOf } from './vectors.js'

/** Of each version: the digest of its definition, and that of its values on `seededAccounts`. */
type Held = Readonly<Record<string, { readonly definition: string; readonly values: string }>>
const file = new URL('versions.json', `file://${process.cwd()}/features/definitions/`)

const seeded = seededAccounts(400).map((one) => ({
  ...one,
  investor: one.account,
  activity: activityFacts(one.account, one.at, seededTraits),
}))

const valuesOf = (feature: AnyFeature): readonly (number | null)[] =>
  seeded.map((context) => valueOf(feature as never, context as never))

const held = (feature: AnyFeature) => {
  const values = valuesOf(feature).map((value) => (value === null ? 'unknown' : String(value)))
  return {
    definition: featureDigest([feature]).slice(7, 23),
    values: createHash('sha256').update(values.join(' ')).digest('hex').slice(0, 16),
  }
}

/** APTUS_HOLD_VERSIONS=1 adds what is new; what is held is changed by hand alone, and then it is no version of before. */
const known = JSON.parse(readFileSync(file, 'utf8')) as Held
if (process.env['APTUS_HOLD_VERSIONS'] === '1') {
  const all = { ...Object.fromEntries(allFeatures.map((feature) => [featureId(feature), held(feature)])), ...known }
  writeFileSync(file, `${JSON.stringify(all, null, 1)}\n`)
}

test.each(allFeatures.map((feature) => [featureId(feature), feature] as const))(
  '%s is defined as it was, and gives what it gave: whatever changes it takes the next version',
  (id, feature) => {
    expect(held(feature)).toEqual(known[id])
  },
)

test('no version has gone: a model may name it', () => {
  for (const id of Object.keys(known)) expect(featureById(id)).toBeDefined()
})

test('ids are unique, and a bare name is that of version 1', () => {
  const ids = allFeatures.map(featureId)
  expect(new Set(ids).size).toBe(ids.length)
  expect(featureById('age')).toBe(featureById('age@1'))
  expect(featureById('days_since_view@2')).not.toBe(featureById('days_since_view'))
  expect(featureById('age@7')).toBeUndefined()
})

test('some sixty are stored, each known and unknown among the seeded, and each varies', () => {
  expect(storedFeatures.length).toBeGreaterThanOrEqual(60)
  for (const feature of storedFeatures) {
    const values = valuesOf(feature)
    expect(new Set(values).size).toBeGreaterThan(1)
    for (const value of values) if (value !== null) expect(Number.isFinite(value)).toBe(true)
  }
})

test('the stored vector does not change within a day without a new fact', async () => {
  const { storedVector } = await import('./vectors.js')
  for (const { account, at } of seeded) {
    const begin = Math.floor(at / 86_400_000) * 86_400_000
    const vector = storedVector(account, begin, seededTraits)
    for (const later of [at, begin + 86_399_999]) expect(storedVector(account, later, seededTraits)).toEqual(vector)
  }
})
