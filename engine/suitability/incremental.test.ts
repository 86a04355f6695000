import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import {
  randomActivity,
  randomBehaviour,
  randomInvestor,
  randomProduct,
  randomPurchase,
  seeded,
} from '../../tests/randomMarket.js'
import { type Catalogue } from '../../features/schema/catalogue.js'
import { type Product } from '../../features/schema/product.js'
import { type Subject, subjectOf } from './inputs.js'
import { readPack } from './readPack.js'
import { type Verdicts, compiledFor, compilePack } from './verdicts.js'

const at = Date.parse('2026-05-08T15:00:00Z')
const shipped = readPack(readFileSync('packs/cn-2026.yaml'), 'cn-2026.yaml')
/** A pack that was compiled against nothing yet. */
const cn = () => ({ ...shipped })

const catalogueOf = (products: readonly Product[], revision: number): Catalogue => ({
  revision,
  knownBefore: null,
  digest: `sha256:${String(revision).padStart(64, '0')}` as Catalogue['digest'],
  products,
  ordinalOf: new Map(products.map(({ id }, ordinal) => [id, ordinal])),
})

function randomSubject(random: () => number, products: number, pack: ReturnType<typeof cn>): Subject {
  const known = {
    profile: randomInvestor(random, 1, at),
    knownAt: at - Math.floor(random() * 800) * 86_400_000,
    behaviour: randomBehaviour(random, products, at),
    activity: randomActivity(random),
  }
  if (random() < 0.5) return subjectOf(known, 'push', pack, at + Math.floor(random() * 3) * 43_200_000)
  return subjectOf(known, 'self-initiated', pack, at, randomPurchase(random))
}

/** Everything that verdicts tell, as one value. */
const told = ({ digest, withheld, permittedCount, permitted, warnedBy }: Verdicts) => ({
  digest,
  withheld,
  permittedCount,
  permitted: [...permitted],
  warned: warnedBy.map(({ ruleId, bits }) => [ruleId, ...bits]),
})

/** Some products changed, in one field or in all, and some appended; the others are the same objects as before. */
function nextRevision(random: () => number, products: readonly Product[]): readonly Product[] {
  const next = [...products]
  for (let change = Math.floor(random() * 6); change > 0; change--) {
    const ordinal = Math.floor(random() * next.length)
    const other = { ...randomProduct(random, ordinal, at), id: next[ordinal]!.id }
    const one = random() < 0.5 ? { facts: other.facts } : { rating: other.rating, status: other.status }
    next[ordinal] = random() < 0.5 ? other : { ...next[ordinal]!, ...one }
  }
  // Enough at times that the bits take another word.
  const added = random() < 0.6 ? 0 : Math.floor(random() * 9)
  return [...next, ...Array.from({ length: added }, (_, index) => randomProduct(random, next.length + index, at))]
}

test('a catalogue compiled after another gives what it gives compiled anew; the other stays as it was', () => {
  let recompiled = 0
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1 << 30 }), fc.integer({ min: 0, max: 70 }), (seed, size) => {
      const random = seeded(seed)
      const pack = cn()
      let products: readonly Product[] = Array.from({ length: size }, (_, index) => randomProduct(random, index, at))
      const subjects = Array.from({ length: 4 }, () => randomSubject(random, size + 20, pack))
      const kept: (() => void)[] = []
      for (let revision = 1; revision <= 4; revision++) {
        const compiled = compiledFor(catalogueOf(products, revision), pack)
        const anew = compilePack(products, pack)
        expect(compiled.inputs).toEqual(anew.inputs)
        for (const subject of subjects) {
          const verdicts = told(anew.judge(subject))
          expect(told(compiled.judge(subject))).toEqual(verdicts)
          expect(compiled.classOf(subject)).toBe(anew.classOf(subject))
          kept.push(() => expect(told(compiled.judge({ ...subject }))).toEqual(verdicts))
        }
        const next = size === 0 ? products : nextRevision(random, products)
        if (next.some((product, ordinal) => product !== products[ordinal])) recompiled += 1
        products = next
      }
      for (const unchanged of kept) unchanged()
    }),
    { numRuns: 100 },
  )
  expect(recompiled).toBeGreaterThan(20)
})

test('a catalogue with fewer products, or with most of them changed, is compiled anew', () => {
  const random = seeded(7)
  const pack = cn()
  const products = Array.from({ length: 64 }, (_, index) => randomProduct(random, index, at))
  const fewer = products.slice(0, 40)
  const others = products.map((_, index) => randomProduct(random, index, at))
  const subject = randomSubject(random, 64, pack)
  for (const [revision, version] of [products, fewer, others, products].entries()) {
    const compiled = compiledFor(catalogueOf(version, revision), pack)
    expect(told(compiled.judge(subject))).toEqual(told(compilePack(version, pack).judge(subject)))
  }
})

test('the same catalogue and pack are compiled once', () => {
  const catalogue = catalogueOf([randomProduct(seeded(1), 0, at)], 1)
  expect(compiledFor(catalogue, cn())).toBe(compiledFor(catalogue, cn()))
})

test('earlier compilations are collected with their catalogues; the last stays with its pack, for the next', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const pack = cn()
  const random = seeded(3)
  let products: readonly Product[] = Array.from({ length: 200 }, (_, index) => randomProduct(random, index, at))
  const inputs: WeakRef<object>[] = []
  for (let revision = 0; revision < 8; revision++) {
    inputs.push(new WeakRef(compiledFor(catalogueOf(products, revision), pack).inputs))
    products = nextRevision(random, products)
  }
  const gone = (): boolean[] => inputs.map((one) => one.deref() === undefined)
  // What was just read is kept until the turn ends, and one collection does not reach everything.
  for (let round = 0; round < 20 && gone().filter(Boolean).length < 7; round++) {
    await new Promise((resolve) => setImmediate(resolve))
    collect()
  }
  expect(gone()).toEqual([...Array.from({ length: 7 }, () => true), false])
  expect(compiledFor(catalogueOf(products, 9), pack).inputs.length).toBe(products.length)
})
