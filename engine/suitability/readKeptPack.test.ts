import { readFileSync } from 'node:fs'
import { randomInvestor, randomProduct, seeded } from '../../tests/randomMarket.js'
import { catalogueOf } from '../../tests/randomRelease.js'
import { bytesOf, type Change, changed, firmInOrder, packInOrder } from '../../tests/faultyPacks.js'
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

const ends = '    messages: { zh-CN: 不可购买。'
const checkedSince: readonly Change[] = [
  [ends, `    effectiveTo: 2019-01-01\n${ends}`],
  ['en: It cannot be bought.', "en: 'No {product.kind}.'"],
]

test.each(checkedSince)('what is checked of new rules alone is not asked of kept ones: %s', (from, to) => {
  const text = bytesOf(changed(packInOrder, [[from, to]]))
  expect(() => readPack(text)).toThrow(PackError)
  expect(readKeptPack(text).rules).toHaveLength(4)
})

const base = readPack(readFileSync('packs/cn-2026.yaml'))

test('nor of those of a firm', () => {
  const text = bytesOf(changed(firmInOrder, [['en: Complex products are not recommended.', "en: '{product.kind}'"]]))
  expect(() => extendPack(base, text)).toThrow('{product.kind} is not read')
  expect(extendKeptPack(base, text).rules.at(-1)?.messages.en).toBe('{product.kind}')
})

test('an expression that does not parse is told of with its place, in kept rules of a firm too', () => {
  const wrong: Change = ['blockUnless: product.', 'blockUnless: fund.']
  const firm = bytesOf(changed(firmInOrder, [wrong]))
  expect(() => extendKeptPack(base, firm)).toThrow(
    /^kept firm pack line 10, column 18: FIRM-COMPLEX: unknown name fund\.complexity/,
  )
  const pack = bytesOf(changed(packInOrder, [['blockUnless: product.riskLevel', 'blockUnless: fund.riskLevel']]))
  expect(() => readKeptPack(pack)).toThrow(/^kept pack line 41, column 18: S-MATCH: unknown name fund\.riskLevel/)
})

test.each([
  ['one text', '"a\n rules: b"'],
  ['a list', '- rules: []'],
])('kept bytes that are %s are refused as any file that is no pack', (_, text) => {
  expect(() => readKeptPack(bytesOf(text))).toThrow(PackError)
})

test('where neither form of the years of keeping stands, that is told', () => {
  const without = packInOrder.replace(/^retention: .*\n/m, '')
  expect(() => readKeptPack(bytesOf(without))).toThrow('retention: is missing')
  expect(readKeptPack(bytesOf(`${without}retentionYears: 7\n`)).retention.years).toBe(7)
})
