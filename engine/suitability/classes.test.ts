import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { randomBehaviour, randomInvestor, randomProduct, seeded } from '../../tests/randomMarket.js'
import { type Product } from '../../features/schema/product.js'
import { subjectOf } from './inputs.js'
import { readPack } from './readPack.js'
import { type Compiled, compilePack, whyNot } from './verdicts.js'
import { decodeVerdicts, encodeVerdicts } from './verdictBytes.js'

const at = Date.parse('2026-05-08T15:00:00Z')
const dayMs = 86_400_000
const cn = readPack(readFileSync('packs/cn-2026.yaml'), 'cn-2026.yaml')
const random = seeded(11)
const products = Array.from({ length: 70 }, (_, index) => randomProduct(random, index, at))
const anyone = () => ({
  profile: randomInvestor(random, 1, at),
  knownAt: at - Math.floor(random() * 700) * dayMs,
  behaviour: randomBehaviour(random, products.length, at),
})
const drawn = Array.from({ length: 150 }, (_, n) =>
  subjectOf(anyone(), n % 2 === 0 ? 'push' : 'self-initiated', cn, at + (n % 3) * dayMs),
)
/** A month more, and another tax status, which no rule reads: mostly the same class. */
const twin = ({ investor, ...rest }: (typeof drawn)[0]) => {
  const horizonMonths = typeof investor.horizonMonths === 'number' ? investor.horizonMonths + 1 : null
  return { ...rest, investor: { ...investor, horizonMonths, taxStatus: 'taxable' } }
}
const subjects = drawn.flatMap((subject) => [subject, twin(subject)])
const sha256 = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

test('subjects of one class have the same verdicts, and classes are far fewer than subjects', () => {
  const digests = new Map<string, string>()
  const compiled = compilePack(products, cn)
  for (const subject of subjects) {
    // Judged apart from what was kept, so that the class alone speaks.
    const { digest } = compilePack(products.slice(), cn).judge(subject)
    const name = compiled.classOf(subject)
    expect(digests.get(name) ?? digest).toBe(digest)
    digests.set(name, digest)
  }
  expect(digests.size).toBeLessThan(subjects.length * 0.9)
  expect([...digests.keys()].every((name) => /^[\x20-\x7e]+$/.test(name))).toBe(true)
})

test('the class does not depend on who was judged before', () => {
  const [fresh, used] = [compilePack(products, cn), compilePack(products, cn)]
  for (const subject of subjects) used.judge(subject)
  for (const subject of [...subjects].reverse()) expect(fresh.classOf(subject)).toBe(used.classOf(subject))
})

test('a class names the rules in force with their first day, and what their bits are made of', () => {
  const name = compilePack(products, cn).classOf(subjects[0]!)
  expect(name.split(';')[0]).toMatch(/^CN-CONSENT@2021-11-01:4,[01]$/)
})

test('the day on which a pack is not in force is a class of its own', () => {
  const early = subjectOf(anyone(), 'push', cn, Date.parse('2010-01-01T00:00:00Z'))
  const compiled = compilePack(products, cn)
  expect(compiled.classOf(early)).toBe('PACK-NOT-IN-FORCE')
  expect(compiled.judge(early)).toMatchObject({ permittedCount: 0, withheld: { total: 70 } })
})

const openPack = (rules: string): Compiled => {
  const text = readFileSync('packs/eval-open.yaml', 'utf8').replace('rules: []', '')
  return compilePack(products, readPack(new TextEncoder().encode(`${text}rules: [${rules}]`)))
}
const rule = (id: string, condition: string, from: string, to: string | null = null): string =>
  `{ id: ${id}, scope: both, blockUnless: ${JSON.stringify(condition)}, source: s, confidence: own, effectiveFrom: ${from}, ${to === null ? '' : `effectiveTo: ${to}, `}messages: { zh-CN: x, en: x } }`

test('two versions of one rule are two classes, though they read the same', () => {
  const compiled = openPack(
    `${rule('LEVEL', 'product.riskLevel <= 2', '1970-01-01', '2026-01-01')}, ${rule('LEVEL', 'product.riskLevel <= 4', '2026-01-01')}`,
  )
  const subjectOn = (day: string) => ({ ...subjects[0]!, today: day })
  const [before, after] = [compiled.judge(subjectOn('2025-12-31')), compiled.judge(subjectOn('2026-01-01'))]
  expect(before.permittedCount).toBeLessThan(after.permittedCount)
  expect(compiled.classOf(subjectOn('2025-12-31'))).not.toBe(compiled.classOf(subjectOn('2026-01-01')))
})

const withInvestor = (changes: object) => ({ ...subjects[0]!, investor: { ...subjects[0]!.investor, ...changes } })

test.each([
  ['what decides alone', 'investor.optedOut || product.riskLevel <= investor.riskLevel'],
  ['what decides alone, written last', 'product.riskLevel <= investor.riskLevel || investor.optedOut'],
  ['what chooses alone', 'investor.optedOut ? product.crossBorder : product.riskLevel <= investor.riskLevel'],
  ['a rule that does not apply', 'product.riskLevel <= investor.riskLevel', '!investor.optedOut'],
])('%s leaves the rest out of the class', (_, condition, applies = 'true') => {
  const compiled = openPack(
    rule('ANY', condition, '1970-01-01').replace('blockUnless', `appliesIf: ${JSON.stringify(applies)}, blockUnless`),
  )
  const classOf = (riskLevel: number, optedOut: boolean) => compiled.classOf(withInvestor({ riskLevel, optedOut }))
  expect(classOf(2, true)).toBe(classOf(3, true))
  expect(classOf(2, false)).not.toBe(classOf(3, false))
})

test('an input of the investor that is unknown leaves the rest out of the class', () => {
  const compiled = openPack(
    rule('ANY', 'product.riskLevel <= investor.riskLevel && product.kind in investor.knownKinds', '1970-01-01'),
  )
  const classOf = (riskLevel: number | null, kind: string) =>
    compiled.classOf(withInvestor({ riskLevel, knownKinds: [kind] }))
  expect(classOf(null, 'bond')).toBe(classOf(null, 'equity'))
  expect(classOf(3, 'bond')).not.toBe(classOf(3, 'equity'))
})

test('a list in another order, or with a member twice, is of the same class', () => {
  const compiled = openPack(rule('ANY', 'product.kind in investor.knownKinds', '1970-01-01'))
  const classOf = (...knownKinds: string[]) => compiled.classOf(withInvestor({ knownKinds }))
  expect(classOf('equity', 'bond')).toBe(classOf('bond', 'equity'))
  expect(classOf('mixed', 'equity', 'bond', 'mixed')).toBe(classOf('bond', 'mixed', 'equity'))
  expect(classOf('bond')).not.toBe(classOf('bond', 'equity'))
})

test('verdicts are read back from their bytes, of which the digest is the SHA-256', () => {
  const compiled = compilePack(products, cn)
  for (const subject of subjects.slice(0, 200)) {
    const verdicts = compiled.judge(subject)
    const bytes = encodeVerdicts(verdicts)
    const { blockedBy, warnedBy, permitted } = verdicts
    expect(sha256(bytes)).toBe(verdicts.digest)
    expect(decodeVerdicts(bytes, products.length)).toEqual({ blockedBy, warnedBy, permitted })
  }
})

test('the bytes of verdicts, spelled out', () => {
  const three = products.slice(0, 3).map((product, n): Product => {
    return { ...product, rating: { ...products.find(({ rating }) => rating)!.rating!, level: n === 0 ? 'R1' : 'R5' } }
  })
  const text = readFileSync('packs/eval-open.yaml', 'utf8').replace('rules: []', '')
  const pack = readPack(
    new TextEncoder().encode(`${text}rules: [${rule('LEVEL', 'product.riskLevel <= 4', '1970-01-01')}]`),
  )
  const verdicts = compilePack(three, pack).judge(subjects[0]!)
  expect(Buffer.from(encodeVerdicts(verdicts)).toString('latin1')).toBe('LEVEL\0\x06\0\0\0permitted\0\x01\0\0\0')
  expect(whyNot(decodeVerdicts(encodeVerdicts(verdicts), 3) as typeof verdicts, 2)).toEqual(['LEVEL'])
})

test.each([
  ['cut short', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1), 70],
  ['without their end', (bytes: Uint8Array) => bytes.subarray(0, bytes.lastIndexOf(0x70 /* p */)), 70],
  ['cut within a name', (bytes: Uint8Array) => bytes.subarray(0, bytes.lastIndexOf(0x70) + 3), 70],
  ['of another size', (bytes: Uint8Array) => bytes, 400],
  ['nothing', () => new Uint8Array(0), 70],
])('bytes %s are refused', (_, spoil, size) => {
  const bytes = encodeVerdicts(compilePack(products, cn).judge(subjects[0]!))
  expect(() => decodeVerdicts(spoil(bytes), size)).toThrow(/verdicts of \d+ products/)
})
