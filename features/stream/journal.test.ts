import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeDisk } from '../../storage/segmentDisk.js'
import { eventRecord, investorRecord } from '../../tests/sampleRecords.js'
import { type JournalEntry } from './entries.js'
import { openJournal } from './journal.js'

let root: string
let dir: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'aptus-journal-'))
  dir = join(root, 'log')
})
afterEach(() => rm(root, { recursive: true }))

const entry = (sequence: number): JournalEntry => ({
  sequence,
  source: 'api',
  profiles: [investorRecord('a', sequence)],
  events: [eventRecord(`e${sequence}`, { investorId: 'a', productId: 'p', at: sequence })],
})
/** What a process that was killed now would leave: the files, without the lock that died with it. */
const crashed = async (name: string): Promise<string> => {
  const copy = join(root, name)
  await cp(dir, copy, { recursive: true })
  for (const folder of await readdir(copy)) await rm(join(copy, folder, 'lock'), { force: true })
  return copy
}
const foundIn = async (at: string): Promise<readonly number[]> => {
  const { found, close } = await openJournal(at)
  await close()
  return found.map(({ sequence }) => sequence)
}

test('what was appended is found, in order and whole; across sealings until what came before is dropped', async () => {
  const { append, seal, close } = await openJournal(dir)
  await Promise.all([append(entry(0)), append(entry(2))])
  const drop = await seal()
  await append(entry(4))
  const both = await openJournal(await crashed('both'))
  expect(both.found).toEqual([entry(0), entry(2), entry(4)])
  await both.close()
  await drop()
  await drop()
  expect(await foundIn(await crashed('dropped'))).toEqual([4])
  await close()
  const again = await openJournal(dir)
  expect(again.found).toEqual([entry(4)])
  await again.append(entry(6))
  expect(await foundIn(await crashed('again'))).toEqual([4, 6])
  await (
    await again.seal()
  )()
  await again.close()
  expect(await readdir(dir)).toEqual([])
})

test('a torn end is cut, with a word, and loses nothing that was acknowledged', async () => {
  const { append, close } = await openJournal(dir)
  await append(entry(0))
  await append(entry(2))
  await close()
  const file = join(dir, '000001', '00000001.seg')
  await truncate(file, (await readFile(file)).length - 3)
  const { found, cut, close: closeAgain } = await openJournal(dir)
  await closeAgain()
  expect(found).toEqual([entry(0)])
  expect(cut).toMatch(/00000001\.seg/)
})

test('a folder whose deletion was cut short holds nothing', async () => {
  const { append, close } = await openJournal(dir)
  await append(entry(0))
  await close()
  await mkdir(join(dir, '000009.old'))
  await writeFile(join(dir, '000009.old', '00000002.seg'), 'half of what was there')
  expect(await foundIn(dir)).toEqual([0])
  expect(await readdir(dir)).toEqual(['000001'])
})

test('a write that fails rejects, and so does what comes after it', async () => {
  let failing = false
  const datasync: typeof nodeDisk.datasync = (file) =>
    failing ? Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' })) : nodeDisk.datasync(file)
  const { append, close } = await openJournal(dir, { disk: { ...nodeDisk, datasync } })
  await append(entry(0))
  failing = true
  await expect(append(entry(2))).rejects.toThrow('ENOSPC')
  failing = false
  await expect(append(entry(4))).rejects.toThrow('ENOSPC')
  await close()
})
