import { readFileSync } from 'node:fs'
import { randomBehaviour, randomInvestor, randomProduct, seeded } from '../../tests/randomMarket.js'
import { type Catalogue } from '../../features/schema/catalogue.js'
import { type Product } from '../../features/schema/product.js'
import { subjectOf } from './inputs.js'
import { readPack } from './readPack.js'
import { type Compiled, compiledFor, compilePack } from './verdicts.js'

const at = Date.parse('2026-05-08T15:00:00Z')
const cn = readPack(readFileSync('packs/cn-2026.yaml'), 'cn-2026.yaml')
const random = seeded(17)
const products = Array.from({ length: 64 }, (_, index) => randomProduct(random, index, at))
const subjects = Array.from({ length: 12 }, (_, n) =>
  subjectOf(
    {
      profile: randomInvestor(random, n, at),
      knownAt: at - n * 86_400_000,
      behaviour: randomBehaviour(random, 64, at),
    },
    n % 2 === 0 ? 'push' : 'self-initiated',
    cn,
    at,
  ),
)
const catalogueOf = (of: readonly Product[], revision: number): Catalogue => ({
  revision,
  knownBefore: null,
  digest: `sha256:${String(revision).padStart(64, '0')}` as Catalogue['digest'],
  products: of,
  ordinalOf: new Map(of.map(({ id }, ordinal) => [id, ordinal])),
})
/** The products with others in the places of some, and some more at the end. */
const changed = (of: readonly Product[], places: readonly number[], added = 0): readonly Product[] => [
  ...of.map((product, place) =>
    places.includes(place) ? { ...randomProduct(random, place, at), id: product.id } : product,
  ),
  ...Array.from({ length: added }, (_, index) => randomProduct(random, of.length + index, at)),
]
const told = (compiled: Compiled) =>
  subjects.map((subject) => [compiled.judge(subject).digest, compiled.classOf(subject)])

test('catalogue after catalogue, each compiled after the one before, gives what it gives compiled anew', () => {
  const pack = { ...cn }
  const one = changed(products, [3])
  const few = changed(one, [0, 9, 63])
  const grown = changed(few, [5], 3)
  const most = changed(
    grown,
    grown.map((_, place) => place),
  )
  const versions = [products, one, few, grown, grown.slice(), most, most.slice(0, 30)]
  const compiled = versions.map((of, revision) => compiledFor(catalogueOf(of, revision), pack))
  // All are asked at the end: none was changed by those after it.
  compiled.forEach((of, revision) => {
    const anew = compilePack(versions[revision] ?? [], { ...cn })
    expect(of.inputs).toEqual(anew.inputs)
    expect(told(of)).toEqual(told(anew))
  })
})

test('a catalogue and a pack are compiled once, another catalogue or pack for itself', () => {
  const [catalogue, other] = [catalogueOf(products, 1), catalogueOf(products.slice(0, 9), 2)]
  const loose = { ...cn, digest: `sha256:${'f'.repeat(64)}` as typeof cn.digest, rules: cn.rules.slice(0, 3) }
  expect(compiledFor(catalogue, cn)).toBe(compiledFor(catalogue, cn))
  expect(compiledFor(other, cn).inputs).toHaveLength(9)
  expect(told(compiledFor(catalogue, loose))).toEqual(told(compilePack(products, loose)))
  expect(told(compiledFor(catalogue, cn))).toEqual(told(compilePack(products, cn)))
})

test('what is withheld is counted in all, and by each rule that excludes any', () => {
  const compiled = compilePack(products, cn)
  for (const subject of subjects) {
    const { blockedBy, permittedCount, withheld } = compiled.judge(subject)
    const counts = blockedBy.map(({ ruleId, bits }): [string, number] => [
      ruleId,
      products.filter((_, ordinal) => ((bits[ordinal >>> 5] ?? 0) >>> (ordinal & 31)) & 1).length,
    ])
    expect(withheld).toEqual({
      total: products.length - permittedCount,
      byRule: Object.fromEntries(counts.filter(([, count]) => count > 0)),
    })
  }
})
