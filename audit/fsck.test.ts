import { cp, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemEntry } from '../tests/systemEntries.js'
import { type FsckFinding, fsck } from './fsck.js'
import { openLedger } from './ledger.js'
import { openLedgerIndex } from './ledgerIndex.js'

let root = ''
let dir = ''
/** 60 entries over several segments, of which 50 lie below the checkpoint and 60 in index and tree. */
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'fsck-'))
  dir = join(root, 'ledger')
  const ledger = await openLedger(dir, { rotateBytes: 2000 })
  for (let number = 0; number < 60; number++) {
    await ledger.append(systemEntry(number))
    if (number === 49) await ledger.checkpoint()
  }
  await ledger.close()
})
afterEach(() => rm(root, { recursive: true }))

const path = (...names: string[]): string => join(dir, ...names)
const flip = async (file: string, offset: number): Promise<void> => {
  const bytes = await readFile(file)
  bytes[offset]! ^= 4
  await writeFile(file, bytes)
}
const partsOf = (findings: readonly FsckFinding[]): string[] => findings.map(({ part }) => part)

test('a whole ledger has no findings, and neither has one whose derived stores are gone or lag', async () => {
  const whole = { segments: 7, entries: 60, tornBytes: 0, checkpoint: 50, findings: [], rebuilt: [] }
  const found = await fsck(dir, {})
  expect(found).toEqual({ ...whole, segments: found.segments, behind: { index: 0, tree: 0 } })
  expect(found.segments).toBeGreaterThan(3)
  await truncate(path('tree', 'hashes'), 33 * 32)
  // 17 leaves have 32 full subtrees, 18 have 34.
  expect((await fsck(dir, {})).behind).toEqual({ index: 0, tree: 60 - 17 })
  await rm(path('tree'), { recursive: true })
  await rm(path('index'), { recursive: true })
  const lacking = await fsck(dir, { rebuild: true })
  expect(lacking).toMatchObject({ findings: [], behind: { index: 60, tree: 60 }, rebuilt: [] })
})

test.each(['index', 'tree'] as const)('a wrong %s is told, and made anew only on demand', async (part) => {
  if (part === 'tree') await flip(path('tree', 'hashes'), 32 * 40 + 3)
  else {
    const index = await openLedgerIndex(path('index'))
    index.add(59, 'number-7')
    await index.close()
  }
  const what = part === 'tree' ? 'its hashes are not those of the entries' : 'it does not lead to entry 7'
  expect(await fsck(dir, {})).toMatchObject({ findings: [{ part, what }], rebuilt: [] })
  expect(await fsck(dir, { rebuild: true })).toMatchObject({ findings: [{ part }], rebuilt: [part] })
  expect((await fsck(dir, {})).findings).toEqual([])
  const ledger = await openLedger(dir)
  expect((await ledger.get('number-7'))?.index).toBe(7)
  await ledger.close()
})

test('an index that leads to another newest entry of a type is told', async () => {
  await rm(path('index'), { recursive: true })
  const index = await openLedgerIndex(path('index'))
  for (let number = 0; number < 60; number++)
    index.add(number, `number-${number}`, number < 59 ? 'catalogue-revision' : 'software')
  await index.close()
  expect((await fsck(dir, {})).findings).toEqual([{ part: 'index', what: 'it does not lead to entry 59' }])
})

test('what an index has not taken in yet is no finding', async () => {
  await rm(path('index'), { recursive: true })
  const index = await openLedgerIndex(path('index'))
  for (let number = 0; number < 40; number++) index.add(number, `number-${number}`, 'catalogue-revision')
  await index.close()
  expect(await fsck(dir, {})).toMatchObject({ findings: [], behind: { index: 20, tree: 0 } })
})

test('each segment is told as it is read', async () => {
  const told: (readonly [number, number])[] = []
  const { segments } = await fsck(dir, { onSegment: (done, total) => void told.push([done, total]) })
  expect(told).toEqual(Array.from({ length: segments }, (_, place) => [place + 1, segments]))
})

test('fewer entries than a checkpoint was signed over, and bytes behind a marker that is not the last', async () => {
  const first = path('log', '00000001.seg')
  const bytes = await readFile(first)
  await writeFile(first, Buffer.concat([bytes, Buffer.alloc(5)]))
  const words = `00000001.seg offset ${bytes.length}: `
  expect((await fsck(dir, {})).findings[0]).toEqual({
    part: 'segments',
    what: expect.stringMatching(new RegExp(`^${words}.+; restore it from a backup$`)) as string,
  })
  await writeFile(first, bytes)
  for (let number = 2; number < 20; number++) await rm(path('log', `0000000${number}.seg`), { force: true })
  const { entries, findings } = await fsck(dir, {})
  expect(findings).toEqual([
    { part: 'segments', what: `they hold ${entries} entries, and ledger/index knows of 60: answered entries are lost` },
    { part: 'segments', what: `they hold ${entries} entries, and a checkpoint of 50 was signed` },
  ])
})

test('a segment in which not one marker holds is damage, though it be the last', async () => {
  for (let number = 2; number < 20; number++) await rm(path('log', `0000000${number}.seg`), { force: true })
  for (const name of ['index', 'tree', 'checkpoint']) await rm(path(name), { recursive: true })
  await truncate(path('log', '00000001.seg'), 40)
  expect(await fsck(dir, {})).toMatchObject({ entries: 0, tornBytes: 0, findings: [{ part: 'segments' }] })
})

test('what is no fault of the ledger is thrown', async () => {
  await rm(path('checkpoint'))
  await mkdir(path('checkpoint'))
  await expect(fsck(dir, {})).rejects.toMatchObject({ code: 'EISDIR' })
  await rm(path('checkpoint'), { recursive: true })
  expect(await fsck(dir, {})).toMatchObject({ findings: [], checkpoint: null })
})

test('damage and loss in the segments are told and nothing is rebuilt over them', async () => {
  const kept = join(root, 'kept')
  await cp(dir, kept, { recursive: true })
  const spoilings: Readonly<Record<string, () => Promise<void>>> = {
    'a bit': () => flip(path('log', '00000002.seg'), 300),
    'a header': () => flip(path('log', '00000003.seg'), 20),
    'a gap': () => rm(path('log', '00000002.seg')),
    'all from the second on': async () => {
      for (let number = 2; number < 20; number++)
        await rm(path('log', `${String(number).padStart(8, '0')}.seg`), { force: true })
    },
  }
  for (const [what, spoil] of Object.entries(spoilings)) {
    await rm(dir, { recursive: true })
    await cp(kept, dir, { recursive: true })
    await spoil()
    const tree = await readFile(path('tree', 'hashes'))
    const { findings, rebuilt } = await fsck(dir, { rebuild: true })
    expect({ what, parts: partsOf(findings) }).toEqual({
      what,
      parts: expect.arrayContaining(['segments']) as string[],
    })
    expect(rebuilt).toEqual([])
    expect(await readFile(path('tree', 'hashes'))).toEqual(tree)
  }
})

test('entries lost above the checkpoint are told by the index that knew them', async () => {
  const { segments } = await fsck(dir, {})
  await rm(path('log', `${String(segments).padStart(8, '0')}.seg`))
  const { findings, rebuilt } = await fsck(dir, { rebuild: true })
  expect(findings).toEqual([{ part: 'segments', what: expect.stringContaining('knows of 60') as string }])
  expect(rebuilt).toEqual([])
})

test('another history below the checkpoint is told', async () => {
  const signed = await readFile(path('checkpoint'))
  for (const name of ['log', 'index', 'tree', 'checkpoint']) await rm(path(name), { recursive: true })
  const ledger = await openLedger(dir)
  for (let number = 1; number < 61; number++) await ledger.append(systemEntry(number))
  await ledger.close()
  await writeFile(path('checkpoint'), signed)
  expect((await fsck(dir, { rebuild: true })).findings).toEqual([
    { part: 'segments', what: expect.stringContaining('the first 50 entries are not those') as string },
  ])
})

test('a torn tail is no finding', async () => {
  const last = path('log', `${String((await fsck(dir, {})).segments).padStart(8, '0')}.seg`)
  await writeFile(last, Buffer.concat([await readFile(last), Buffer.alloc(77)]))
  expect(await fsck(dir, {})).toMatchObject({ findings: [], tornBytes: 77, entries: 60 })
})

test('a checkpoint that was changed, and a key that is missing, are told', async () => {
  await flip(path('checkpoint'), 60)
  expect(partsOf((await fsck(dir, {})).findings)).toEqual(['checkpoint'])
  await flip(path('checkpoint'), 60)
  await rm(join(root, 'ledger.key'))
  expect(partsOf((await fsck(dir, {})).findings)).toEqual(['key'])
})

test('a wrong tree is not made anew over a checkpoint that does not hold', async () => {
  await flip(path('tree', 'hashes'), 32 * 40 + 3)
  await flip(path('checkpoint'), 60)
  const tree = await readFile(path('tree', 'hashes'))
  const { findings, rebuilt } = await fsck(dir, { rebuild: true })
  expect([partsOf(findings), rebuilt]).toEqual([['checkpoint', 'tree'], []])
  expect(await readFile(path('tree', 'hashes'))).toEqual(tree)
})

test('a ledger that is open is not checked', async () => {
  const ledger = await openLedger(dir)
  await expect(fsck(dir, {})).rejects.toMatchObject({ code: 'held' })
  await ledger.close()
})
