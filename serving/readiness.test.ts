import { readFileSync } from 'node:fs'
import { type Pack } from '../engine/suitability/pack.js'
import { readPack } from '../engine/suitability/readPack.js'
import { LocalDate } from '../features/schema/time.js'
import { randomProduct, seeded } from '../tests/randomMarket.js'
import { catalogueOf, randomModel, releaseOf } from '../tests/randomRelease.js'
import { lackOf, readinessOf } from './readiness.js'

const cn = readPack(readFileSync('packs/cn-2026.yaml'))
/** Midnight of 8 May 2026 in Shanghai. */
const at = Date.parse('2026-05-07T16:00:00Z')
const catalogue = catalogueOf([randomProduct(seeded(1), 0, at)])
const release = releaseOf(randomModel(catalogue.products, 4, 1), catalogue)
const parts = { catalogue, release, ledgerFailure: null }
const until = (day: string): Pack => ({ ...cn, effectiveTo: LocalDate.parse(day) })
const from = (day: string): Pack => ({ ...cn, effectiveFrom: LocalDate.parse(day) })

test.each([
  ['in force', cn, null],
  ['from today on', from('2026-05-08'), null],
  ['from tomorrow on', from('2026-05-09'), 'no-rule-pack'],
  ['until tomorrow', until('2026-05-09'), null],
  ['until today', until('2026-05-08'), 'no-rule-pack'],
])('a firm whose pack is %s', (_, pack, reason) => {
  expect(lackOf(parts, pack, at)?.reason ?? null).toBe(reason)
})

test('what else may be lacking, in this order', () => {
  const lacking = { catalogue: catalogueOf([]), release: null, ledgerFailure: new Error('no space') }
  const [lapsed] = [until('2020-01-01')]
  expect(lackOf(lacking, lapsed, at)?.reason).toBe('no-catalogue')
  expect(lackOf({ ...lacking, catalogue }, lapsed, at)?.reason).toBe('no-rule-pack')
  expect(lackOf({ ...lacking, catalogue }, cn, at)?.reason).toBe('no-release')
  expect(lackOf({ ...lacking, catalogue, release }, cn, at)).toMatchObject({ reason: 'no-ledger', detail: 'no space' })
})

test('a server is ready while any of its packs is in force, and tells which are', () => {
  const lapsed = until('2026-05-08')
  expect(readinessOf(parts, [lapsed, cn], at)).toMatchObject({
    ready: true,
    release: release.digest,
    pack: lapsed.digest,
    packs: [{ inForce: false }, { inForce: true }],
    catalogueRevision: catalogue.revision,
  })
  expect(readinessOf(parts, [lapsed, lapsed], at)).toMatchObject({ ready: false, reason: 'no-rule-pack' })
})
