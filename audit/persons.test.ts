import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FirmId, InvestorId } from '../features/schema/ids.js'
import { nodeDisk } from '../storage/segmentDisk.js'
import { type SegmentOptions } from '../storage/segments.js'
import { openPersons, type Persons } from './persons.js'

const firmId = FirmId.parse('default')
let dir: string
beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'aptus-persons-'))))
afterEach(() => rm(dir, { recursive: true, force: true }))

const investor = (number: number): InvestorId => InvestorId.parse(`investor-${number}`)
const partsFor = (entryId: string) => ({ facts: Buffer.from(`what ${entryId} sealed`) })
const commit = (persons: Persons, number: number, entryId: string) =>
  persons.commit({ firmId, investorId: investor(number), entryId, parts: partsFor(entryId) })

async function opened<T>(work: (persons: Persons) => Promise<T>, options: SegmentOptions = {}): Promise<T> {
  const persons = await openPersons(dir, options)
  try {
    return await work(persons)
  } finally {
    await persons.close()
  }
}

const filesBelow = async (): Promise<readonly string[]> =>
  (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

/** The one segment of the log of ciphertexts. */
const segment = async (): Promise<string> => {
  const found = (await filesBelow()).filter((file) => file.endsWith('.seg'))
  expect(found).toHaveLength(1)
  return found[0] ?? ''
}

test('parts are read back over many segments, in this opening and the next; no plain text lies in a file', async () => {
  const ids = Array.from({ length: 60 }, (_, number) => `entry-${number}`)
  await opened(
    async (persons) => {
      for (let from = 0; from < ids.length; from += 6)
        await Promise.all(ids.slice(from, from + 6).map((id, number) => commit(persons, number % 5, id)))
      for (const id of ids) expect(await persons.partsOf(id)).toEqual(partsFor(id))
      expect(await persons.partsOf('entry-60')).toBeNull()
    },
    { rotateBytes: 1000 },
  )
  expect((await filesBelow()).filter((file) => file.endsWith('.seg')).length).toBeGreaterThan(3)
  for (const file of await filesBelow()) expect((await readFile(file)).includes('what entry-')).toBe(false)
  await opened(async (persons) => {
    for (const id of ids) expect(await persons.partsOf(id)).toEqual(partsFor(id))
  })
})

test('parts of an entry are kept once, also where both are asked for at once and after a restart', async () => {
  const duplicate = { code: 'duplicate' }
  await opened(async (persons) => {
    const first = commit(persons, 1, 'e')
    await expect(commit(persons, 2, 'e')).rejects.toMatchObject(duplicate)
    await first
    await expect(commit(persons, 1, 'e')).rejects.toMatchObject(duplicate)
  })
  await opened((persons) => expect(commit(persons, 1, 'e')).rejects.toMatchObject(duplicate))
})

test('one person has one pseudonym and key, however his entries come', async () => {
  const pseudonyms = await opened(async (persons) => {
    const made = await Promise.all(Array.from({ length: 8 }, (_, number) => commit(persons, 1, `a-${number}`)))
    return new Set([...made, await commit(persons, 1, 'later')].map(({ pseudonym }) => pseudonym))
  })
  expect(pseudonyms.size).toBe(1)
  await opened(async (persons) => {
    const { pseudonym } = await commit(persons, 1, 'after a restart')
    expect(pseudonyms.has(pseudonym)).toBe(true)
    expect((await commit(persons, 2, 'of another')).pseudonym).not.toBe(pseudonym)
  })
})

test('an erasure leaves ciphertexts that nothing opens, a compaction none of them and all others', async () => {
  await opened(async (persons) => {
    for (let number = 0; number < 30; number++) await commit(persons, number % 3, `e-${number}`)
    const before = await persons.pseudonymOf(firmId, investor(1))
    expect(await persons.erase(firmId, investor(1))).toBe(true)
    expect(await persons.erase(firmId, investor(1))).toBe(false)
    const held = async (): Promise<boolean> =>
      (await readFile(await segment())).includes(Buffer.from(before ?? '', 'hex'))
    expect(await held()).toBe(true)
    await persons.compact()
    expect(await held()).toBe(false)
    await commit(persons, 1, 'again')
    expect(await persons.pseudonymOf(firmId, investor(1))).not.toBe(before)
  })
  await opened(async (persons) => {
    for (let number = 0; number < 30; number++)
      expect(await persons.partsOf(`e-${number}`)).toEqual(number % 3 === 1 ? null : partsFor(`e-${number}`))
    expect(await persons.partsOf('again')).toEqual(partsFor('again'))
  })
})

test('an index that lags, or is gone, is made good at opening', async () => {
  await opened(async (persons) => {
    for (let number = 0; number < 10; number++) await commit(persons, 1, `e-${number}`)
  })
  await rm(join(dir, 'sealed', '000001', 'index'), { recursive: true })
  await opened(async (persons) => expect(await persons.partsOf('e-7')).toEqual(partsFor('e-7')))
})

test('a torn tail is cut with a word; a log that lost what was committed does not open', async () => {
  await opened((persons) => Promise.all([commit(persons, 1, 'e-1'), commit(persons, 2, 'e-2')]))
  const whole = await readFile(await segment())
  await appendFile(await segment(), whole.subarray(60, 150))
  await opened(async (persons) => {
    expect(persons.cut?.words).toMatch(/were cut/)
    expect(await persons.partsOf('e-2')).toEqual(partsFor('e-2'))
  })
  await rm(await segment())
  await expect(openPersons(dir)).rejects.toMatchObject({ code: 'shorter' })
})

test('after a failed write nothing is committed until the store is opened again', async () => {
  let broken = false
  const disk: typeof nodeDisk = {
    ...nodeDisk,
    datasync: (file) => (broken ? Promise.reject(new Error('no space')) : nodeDisk.datasync(file)),
  }
  await opened(
    async (persons) => {
      await commit(persons, 1, 'e-1')
      broken = true
      await expect(commit(persons, 1, 'e-2')).rejects.toMatchObject({
        ...{ code: 'failed', name: 'PersonsError', cause: expect.any(Error) as Error },
        message: 'persons: writing failed. Check the disk, then start again',
      })
      broken = false
      await expect(commit(persons, 1, 'e-3')).rejects.toMatchObject({ code: 'failed' })
      expect(persons.failure()).toMatchObject({ code: 'failed' })
    },
    { disk },
  )
  await opened(async (persons) => {
    expect(await persons.partsOf('e-1')).toEqual(partsFor('e-1'))
    await commit(persons, 1, 'e-3')
  })
})
