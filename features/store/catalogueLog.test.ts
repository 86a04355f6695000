import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode, rfc8949EncodeOptions } from 'cborg'
import fc from 'fast-check'
import { type Catalogue } from '../schema/catalogue.js'
import { emptyFold, foldRevisions, type Revision } from './catalogueFold.js'
import { encodeRevision, openCatalogueLog } from './catalogueLog.js'
import { product } from '../../tests/sampleRecords.js'

const termed = (id: string, termMonths: number) => product(id, { termMonths })
const summary = ({ products }: Catalogue): string[] => products.map(({ id, termMonths }) => `${id}=${termMonths}`)

describe('the catalogue log', () => {
  let dir = ''
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'aptus-catalogue-'))
  })
  afterEach(async () => {
    await rm(dir, { recursive: true })
  })

  test('is empty at first', async () => {
    const log = await openCatalogueLog(dir)
    const empty = { revision: 0, knownBefore: null, products: [] }
    expect(await log.head()).toMatchObject(empty)
    expect(await log.asOf(null, null)).toMatchObject(empty)
    expect(await log.append([], 5)).toMatchObject(empty)
  })

  test('gives back products whole, in the order of first appearance, also when opened again', async () => {
    const log = await openCatalogueLog(dir)
    const [b, a, c] = [product('b'), product('a'), product('c')]
    await log.append([b, a], 10)
    const head = await log.append([c, a], 20)
    expect(head.products).toEqual([b, a, c])
    expect([...head.ordinalOf]).toEqual([
      ['b', 0],
      ['a', 1],
      ['c', 2],
    ])
    expect(await (await openCatalogueLog(dir)).head()).toEqual(head)
  })

  test('as of several instants is as of each of them', async () => {
    const log = await openCatalogueLog(dir)
    await log.append([product('b'), product('a')], 10)
    await log.append([termed('a', 7)], 20)
    await log.append([product('c')], 15)
    const instants = [5, 11, 16, 21]
    const each = await Promise.all(instants.map((instant) => log.asOf(null, instant)))
    expect(await log.asOfEach(instants)).toEqual(each)
  })

  test('the same revisions are the same products, of whatever instant they are asked', async () => {
    const log = await openCatalogueLog(dir)
    await log.append([product('b'), product('a')], 10)
    await log.append([termed('a', 7)], 20)
    const [head, all, first, later] = [
      await log.head(),
      await log.asOf(null, 21),
      await log.asOf(null, 11),
      await log.asOf(null, 12),
    ]
    expect(all.products).toBe(head.products)
    expect(later.products).toBe(first.products)
    expect([all, first, later].map(({ knownBefore, revision }) => [knownBefore, revision])).toEqual([
      [21, 2],
      [11, 1],
      [12, 1],
    ])
    expect(await (await openCatalogueLog(dir)).asOf(null, 12)).toEqual(later)
  })

  test('an older file imported later overrides no newer fact, but adds what is new', async () => {
    const log = await openCatalogueLog(dir)
    await log.append([termed('a', 1), termed('b', 1)], 20)
    expect(summary(await log.append([termed('a', 2), termed('c', 2)], 10))).toEqual(['a=1', 'b=1', 'c=2'])
    expect(summary(await log.append([termed('a', 3)], 20))).toEqual(['a=3', 'b=1', 'c=2'])
  })

  test.each([
    { revision: null, knownBefore: null, products: ['a=1', 'b=3', 'c=2'], newest: 3 },
    { revision: 3, knownBefore: null, products: ['a=1', 'b=3', 'c=2'], newest: 3 },
    { revision: 1, knownBefore: null, products: ['a=1', 'b=1'], newest: 1 },
    { revision: 0, knownBefore: null, products: [], newest: 0 },
    { revision: null, knownBefore: 20, products: ['a=2', 'c=2'], newest: 2 },
    { revision: 1, knownBefore: 20, products: [], newest: 0 },
    { revision: null, knownBefore: 21, products: ['a=1', 'b=1', 'c=2'], newest: 2 },
    { revision: null, knownBefore: 31, products: ['a=1', 'b=3', 'c=2'], newest: 3 },
  ])('as of revision $revision, known before $knownBefore', async ({ revision, knownBefore, products, newest }) => {
    const log = await openCatalogueLog(dir)
    await log.append([termed('a', 1), termed('b', 1)], 20)
    await log.append([termed('a', 2), termed('c', 2)], 10)
    await log.append([termed('b', 3)], 30)
    const found = await log.asOf(revision, knownBefore)
    expect(summary(found)).toEqual(products)
    expect([found.revision, found.knownBefore]).toEqual([newest, knownBefore])
  })

  test('a revision that does not exist is refused', async () => {
    const log = await openCatalogueLog(dir)
    await expect(log.asOf(1, null)).rejects.toThrow('got revision 1, want 0 to 0')
  })

  test('the same changes appended again add nothing; the digest tells catalogues apart', async () => {
    const log = await openCatalogueLog(dir)
    const first = await log.append([product('a')], 10)
    expect(await log.append([product('a')], 10)).toBe(first)
    const second = await log.append([product('a')], 11)
    expect(second.revision).toBe(2)
    expect(second.digest).not.toBe(first.digest)
    expect((await log.asOf(1, null)).digest).toBe(first.digest)
  })

  test('prepared revisions are seen at once when adopted, not before, and once however often', async () => {
    const log = await openCatalogueLog(dir)
    await log.append([termed('a', 1)], 10)
    const prepared = await log.prepare([
      { changes: [termed('a', 2)], knownAt: 20 },
      { changes: [termed('b', 2)], knownAt: 30 },
    ])
    expect(summary(await log.head())).toEqual(['a=1'])
    expect(await log.newestKnownAt()).toBe(10)
    expect(summary(await log.adopt(prepared))).toEqual(['a=2', 'b=2'])
    const again = await openCatalogueLog(dir)
    expect(await again.adopt(prepared)).toMatchObject({ revision: 3 })
    expect(await again.newestKnownAt()).toBe(30)
    await expect(again.adopt({ ...prepared, after: 1, entries: prepared.entries.slice(1) })).rejects.toThrow('prepared')
  })

  test('sees what another opening appended; appends at once lose nothing', async () => {
    const [one, two] = [await openCatalogueLog(dir), await openCatalogueLog(dir)]
    await Promise.all(['a', 'b', 'c'].map((id) => one.append([product(id)], 10)))
    expect((await two.head()).products).toHaveLength(3)
    await two.append([product('d')], 10)
    expect((await one.head()).revision).toBe(4)
  })

  test('a catalogue handed out stays as it was', async () => {
    const log = await openCatalogueLog(dir)
    const before = await log.append([termed('a', 1)], 10)
    await log.append([termed('a', 2), termed('b', 2)], 20)
    expect([summary(before), before.ordinalOf.size]).toEqual([['a=1'], 1])
  })

  test('a flipped byte in a revision, or a broken list, is refused at opening', async () => {
    await (await openCatalogueLog(dir)).append([product('a')], 10)
    const files = await readdir(join(dir, 'blobs'), { recursive: true })
    const file = join(
      dir,
      'blobs',
      files.find((name) => /[0-9a-f]{64}$/.test(name))!,
    )
    const bytes = await readFile(file)
    bytes[20]! ^= 1
    await writeFile(file, bytes)
    await expect(openCatalogueLog(dir)).rejects.toMatchObject({ code: 'blob-damaged' })
    await writeFile(join(dir, 'revisions.json'), '{"v":2}')
    await expect(openCatalogueLog(dir)).rejects.toThrow(/revisions\.json cannot be read/)
  })

  test("the bytes are those of RFC 8949's deterministic encoding", () => {
    const products = [product('a'), termed('b', 36)]
    const reference = encode({ products, knownAt: 10, v: 1 }, rfc8949EncodeOptions)
    expect(Buffer.compare(encodeRevision(products, 10), reference)).toBe(0)
  })
})

describe('folding revisions', () => {
  const anyRevisions = fc
    .array(fc.tuple(fc.nat(5), fc.array(fc.nat(4), { minLength: 1, maxLength: 4 })), { maxLength: 8 })
    .map((drawn): Revision[] =>
      drawn.map(([knownAt, ids], n) => ({
        revision: n + 1,
        digest: `sha256:${String(n).padStart(64, '0')}` as Revision['digest'],
        knownAt,
        products: ids.map((id) => termed(`p${id}`, n + 1)),
      })),
    )

  test('the value with the largest (knownAt, revision) stands', () => {
    fc.assert(
      fc.property(anyRevisions, (revisions) => {
        const { catalogue } = foldRevisions(emptyFold(null), revisions)
        for (const { id, termMonths } of catalogue.products) {
          const holding = revisions.filter(({ products }) => products.some((other) => other.id === id))
          const newest = holding.reduce((best, next) => (next.knownAt >= best.knownAt ? next : best))
          expect(termMonths).toBe(newest.revision)
        }
      }),
    )
  })

  test('a further revision moves no ordinal, and folding in parts is folding at once', () => {
    fc.assert(
      fc.property(anyRevisions, fc.nat(8), (revisions, cut) => {
        const before = foldRevisions(emptyFold(null), revisions.slice(0, cut))
        const after = foldRevisions(before, revisions.slice(cut))
        for (const [id, ordinal] of before.catalogue.ordinalOf) {
          expect(after.catalogue.ordinalOf.get(id)).toBe(ordinal)
          expect(after.catalogue.products[ordinal]?.id).toBe(id)
        }
        expect(after).toEqual(foldRevisions(emptyFold(null), revisions))
      }),
    )
  })
})
