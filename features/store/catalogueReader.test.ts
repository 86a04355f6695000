import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { product } from '../../tests/sampleRecords.js'
import { seeded } from '../../tests/randomMarket.js'
import { openCatalogueLog } from './catalogueLog.js'
import { openCatalogueReader } from './catalogueReader.js'

let dir = ''
beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'aptus-catalogues-'))))
afterEach(() => rm(dir, { recursive: true }))

const random = seeded(5)
const below = (n: number): number => Math.floor(random() * n)

test('says what the log says of every revision and instant, in any order', async () => {
  const log = await openCatalogueLog(dir)
  const read = openCatalogueReader(dir)
  for (let n = 1; n <= 40; n++)
    await log.append(
      [product(`p${below(6)}`, { termMonths: n }), product(`q${below(30)}`, { termMonths: n })],
      below(20),
    )
  for (let n = 0; n < 120; n++) {
    const [revision, knownBefore] = [below(41), random() < 0.5 ? null : below(22)]
    expect(await read(revision, knownBefore)).toEqual(await log.asOf(revision, knownBefore))
  }
  // What was appended since is found.
  const { revision } = await log.append([product('later')], 30)
  expect((await read(revision, null)).ordinalOf.has(product('later').id)).toBe(true)
  await expect(read(revision + 1, null)).rejects.toThrow(`got revision ${revision + 1}, want 0 to ${revision}`)
})

test('shares what did not change, so that rules are compiled by the changes alone', async () => {
  const log = await openCatalogueLog(dir)
  await log.append([product('a'), product('b')], 10)
  await log.append([product('a', { termMonths: 7 })], 20)
  const read = openCatalogueReader(dir)
  const [last, first, past] = [await read(2, null), await read(1, null), await read(2, 15)]
  expect(last.products[1]).toBe(first.products[1])
  expect(past.products[0]).toBe(first.products[0])
  expect(await read(2, null)).toBe(last)
})

test('a byte changed in a revision is refused, snapshot or none', async () => {
  const log = await openCatalogueLog(dir)
  await log.append(
    Array.from({ length: 3 }, (_, n) => product(`a${n}`)),
    10,
  )
  for (let n = 1; n < 40; n++) await log.append([product(`b${n}`)], 10 + n)
  // A reopened log starts from the snapshot; the reader does not.
  await openCatalogueLog(dir)
  const { revisions } = JSON.parse(await readFile(join(dir, 'revisions.json'), 'utf8')) as {
    revisions: { digest: string }[]
  }
  const hex = revisions[0]?.digest.slice('sha256:'.length) ?? ''
  const file = join(dir, 'blobs', hex.slice(0, 2), hex)
  const bytes = await readFile(file)
  bytes[40]! ^= 1
  await writeFile(file, bytes)
  await expect(openCatalogueReader(dir)(40, null)).rejects.toThrow('is damaged')
})
