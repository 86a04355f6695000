import { readFileSync } from 'node:fs'
import { randomInvestor, randomProduct, seeded } from '../../tests/randomMarket.js'
import { catalogueOf } from '../../tests/randomRelease.js'
import { subjectOf } from './inputs.js'
import { type Pack } from './pack.js'
import { extendKeptPack, extendPack, PackError, readKeptPack, readPack } from './readPack.js'
import { compiledFor } from './verdicts.js'

const at = Date.parse('2026-05-08T15:00:00Z')
const catalogue = catalogueOf(Array.from({ length: 200 }, (_, index) => randomProduct(seeded(index), index, at)))
const investors = Array.from({ length: 50 }, (_, index) => ({
  profile: randomInvestor(seeded(index), index, at),
  knownAt: at - 1000,
  behaviour: { purchased: [], viewed: [], redeemed: [] },
}))
const verdictsOf = (pack: Pack) =>
  investors.map((investor) => compiledFor(catalogue, pack).judge(subjectOf(investor, 'push', pack, at)).digest)

test.each(['cn-2026', 'eu-mifid2', 'us-finra', 'eval-band', 'eval-open'])(
  '%s, kept, is as it was when read',
  (name) => {
    const bytes = readFileSync(`packs/${name}.yaml`)
    const [pack, kept] = [readPack(bytes), readKeptPack(bytes)]
    expect(kept).toEqual(pack)
    expect(verdictsOf(kept)).toEqual(verdictsOf(pack))
  },
)

// As the first versions of the project shipped them.
test.each([
  ['cn-2026.v1', 'retention: is missing', 8],
  ['cn-2026.v2', 'professional.0.currency: is missing', 16],
])('%s would not be taken in today, and is read for what it judged', (name, fault, least) => {
  const bytes = readFileSync(`tests/keptPacks/${name}.yaml`)
  expect(() => readPack(bytes)).toThrow(fault)
  const kept = readKeptPack(bytes)
  expect(kept.rules.length).toBeGreaterThanOrEqual(least)
  expect(new Set(verdictsOf(kept)).size).toBeGreaterThan(5)
  expect(kept.retention.years).toBe(20)
})

test('rules of a firm over a pack that would not be taken in today', () => {
  const firm = readFileSync('benchmarks/rules.firm.yaml')
  const base = readFileSync('packs/cn-2026.yaml')
  const kept = extendKeptPack(readKeptPack(base), firm)
  expect(kept).toEqual(extendPack(readPack(base), firm))
  const old = readKeptPack(readFileSync('tests/keptPacks/cn-2026.v2.yaml'))
  expect(extendKeptPack(old, firm).rules.length).toBe(
    old.rules.length + kept.rules.length - readKeptPack(base).rules.length,
  )
})

test.each([
  ['an expression that does not parse', "blockUnless: 'product.riskLevel <= investor.'"],
  ['a name that means nothing', "blockUnless: 'product.colour == 3'"],
  ['no expression', "source: 'twice'"],
])('%s is refused of a kept pack too', (_, by) => {
  const text = readFileSync('packs/cn-2026.yaml', 'utf8').replace(/^ {4}blockUnless: .*$/m, `    ${by}`)
  expect(() => readKeptPack(new TextEncoder().encode(text))).toThrow(PackError)
})

test.each([
  ['as the pack says, where a firm says nothing', '', 20],
  ['longer, as a firm says', 'retention: { years: 25, source: own, confidence: own }\n', 25],
])('records are kept %s', (_, retention, years) => {
  const firm = Buffer.concat([Buffer.from(retention), readFileSync('benchmarks/rules.firm.yaml')])
  const base = readFileSync('packs/cn-2026.yaml')
  expect(extendPack(readPack(base), firm).retention.years).toBe(years)
  expect(extendKeptPack(readKeptPack(base), firm).retention.years).toBe(years)
})
