import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCatalogueLog } from './catalogueLog.js'
import { product } from '../../tests/sampleRecords.js'

describe('the folded catalogue', () => {
  let dir = ''
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'aptus-folded-'))
  })
  afterEach(() => rm(dir, { recursive: true }))

  const change = (n: number) => product(`P${n % 7}`, { termMonths: n })
  const fill = async (revisions: number) => {
    const log = await openCatalogueLog(dir)
    const changes = Array.from({ length: revisions }, (_, n) => ({
      changes: [change(n)],
      knownAt: n % 3 === 0 ? n : n + 5,
    }))
    return log.adopt(await log.prepare(changes))
  }
  const snapshot = () => join(dir, 'folded.cbor')

  test('opens to the same catalogue as all revisions read one by one', async () => {
    const head = await fill(40)
    const opened = await (await openCatalogueLog(dir)).head()
    expect(opened).toEqual(head)
    await rm(snapshot())
    expect(await (await openCatalogueLog(dir)).head()).toEqual(head)
    // Read one by one they were many: the snapshot is there again.
    expect((await readFile(snapshot())).length).toBeGreaterThan(100)
  })

  test('is what is read: revisions before it are not needed to open', async () => {
    const head = await fill(40)
    await rm(join(dir, 'blobs'), { recursive: true })
    expect(await (await openCatalogueLog(dir)).head()).toEqual(head)
  })

  test('goes on from there: later revisions, older facts among them, fold as ever', async () => {
    await fill(40)
    const log = await openCatalogueLog(dir)
    const head = await log.append([change(3), product('new', {})], 1)
    await rm(snapshot())
    expect(await (await openCatalogueLog(dir)).head()).toEqual(head)
  })

  test.each([
    ['a flipped bit', (bytes: Buffer) => ((bytes[bytes.length >> 1]! ^= 1), bytes)],
    ['a cut file', (bytes: Buffer) => bytes.subarray(0, bytes.length - 3)],
    ['an empty file', () => Buffer.alloc(0)],
  ])('with %s is passed over', async (_, damage) => {
    const head = await fill(40)
    await writeFile(snapshot(), damage(await readFile(snapshot())))
    expect(await (await openCatalogueLog(dir)).head()).toEqual(head)
  })

  test('of another log is passed over', async () => {
    await fill(40)
    const other = await readFile(snapshot())
    await rm(dir, { recursive: true })
    const head = await fill(33)
    await writeFile(snapshot(), other)
    expect(await (await openCatalogueLog(dir)).head()).toEqual(head)
  })
})
