import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FirmId, InvestorId } from '../features/schema/ids.js'
import { type IdentifierCipher, identifierCipher, IdentifierError } from '../storage/identifierCipher.js'
import { openRewritableLmdb } from '../storage/rewritableLmdb.js'
import { Pseudonym } from './commitment.js'
import { decodeSealed, encodeSealed, keyOfPseudonym } from './personKeys.js'
import { openPersons, type Persons, rekeyPersons } from './persons.js'

const firmId = FirmId.parse('default')
const investors = [1, 2, 3].map((number) => InvestorId.parse(`investor-${number}`))
const [one, other] = [1, 2].map((byte) => identifierCipher(new Uint8Array(32).fill(byte))) as [
  IdentifierCipher,
  IdentifierCipher,
]
const partsFor = (entryId: string) => ({ facts: Buffer.from(`what ${entryId} sealed`) })

let dir: string
/** Three persons, in clear. */
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aptus-rekey-'))
  await opened(null, async (persons) => {
    for (const investorId of investors)
      await persons.commit({ firmId, investorId, entryId: `of-${investorId}`, parts: partsFor(`of-${investorId}`) })
  })
})
afterEach(() => rm(dir, { recursive: true, force: true }))

async function opened<T>(cipher: IdentifierCipher | null, work: (persons: Persons) => Promise<T>): Promise<T> {
  const persons = await openPersons(dir, {}, cipher)
  try {
    return await work(persons)
  } finally {
    await persons.close()
  }
}

const pseudonymsUnder = (cipher: IdentifierCipher | null) =>
  opened(cipher, (persons) => Promise.all(investors.map((investorId) => persons.pseudonymOf(firmId, investorId))))
const entriesUnder = (cipher: IdentifierCipher | null) =>
  opened(cipher, (persons) => Promise.all(investors.map((investorId) => persons.partsOf(`of-${investorId}`))))
const expected = investors.map((investorId) => partsFor(`of-${investorId}`))

/** Keys and values of the database of keys, as they lie there. */
async function held(): Promise<readonly string[]> {
  const keys = await openRewritableLmdb(join(dir, 'keys'))
  const found = [...keys.current().entries()].map(({ key, value }) => `${key} ${Buffer.from(value).toString('hex')}`)
  await keys.close()
  return found
}

test('from one cipher to the next and back everybody keeps his pseudonym and key; nothing is left of what it was', async () => {
  const pseudonyms = await pseudonymsUnder(null)
  expect(new Set(pseudonyms).size).toBe(3)
  const ways = [[null, one] as const, [one, other] as const, [other, null] as const]
  for (const [from, to] of ways) {
    const before = await held()
    expect(await rekeyPersons(dir, [from, to])).toBe(3)
    expect(await pseudonymsUnder(to)).toEqual(pseudonyms)
    expect(await entriesUnder(to)).toEqual(expected)
    const now = await held()
    expect(now).toHaveLength(before.length)
    expect(now.filter((entry) => before.includes(entry))).toEqual([])
    expect(now.some((entry) => entry.includes('investor-'))).toBe(to === null)
    for (const name of await readdir(join(dir, 'keys'), { recursive: true, withFileTypes: true })) {
      const bytes = name.isFile() ? await readFile(join(name.parentPath, name.name)) : Buffer.alloc(0)
      expect(to !== null && bytes.includes('investor-')).toBe(false)
    }
  }
})

test('what is done already stays as it is', async () => {
  for (const [from, to] of [[null, one] as const, [one, other] as const, [other, null] as const]) {
    await rekeyPersons(dir, [from, to])
    const done = await held()
    expect(await rekeyPersons(dir, [from, to])).toBe(3)
    expect(await held()).toEqual(done)
  }
  const clear = await held()
  expect(await rekeyPersons(dir, [null, null])).toBe(3)
  expect(await held()).toEqual(clear)
})

test('under a cipher that is not theirs nothing is changed, and the store is free again', async () => {
  await rekeyPersons(dir, [null, one])
  const before = await held()
  await expect(rekeyPersons(dir, [other, identifierCipher(new Uint8Array(32).fill(3))])).rejects.toThrow(
    IdentifierError,
  )
  expect(await held()).toEqual(before)
  await opened(one, async () => {
    await expect(rekeyPersons(dir, [one, null])).rejects.toMatchObject({ code: 'held' })
  })
  expect(await entriesUnder(one)).toEqual(expected)
})

test('a key that is not the one it was sealed with opens nothing, and says so', async () => {
  const pseudonym = (await pseudonymsUnder(null))[0] as Pseudonym
  const keys = await openRewritableLmdb(join(dir, 'keys'))
  await keys.current().transact(({ put }) => put(keyOfPseudonym(pseudonym), randomBytes(32)))
  await keys.close()
  await opened(null, async (persons) => {
    await expect(persons.partsOf('of-investor-1')).rejects.toMatchObject({
      code: 'damaged',
      cause: expect.anything() as Error,
      message:
        "what entry of-investor-1 sealed does not open with its person's key: it was changed; restore persons/ from a backup",
    })
    expect(await persons.partsOf('of-investor-2')).toEqual(expected[1])
  })
})

test('a store of an earlier version is refused', async () => {
  await mkdir(join(dir, 'inputs'))
  await expect(openPersons(dir)).rejects.toThrow('persons/ was written by an earlier version')
})

test('an id of 255 characters is kept in the log, a longer one refused', () => {
  const pseudonym = Pseudonym.parse('0123456789abcdef'.repeat(2))
  const record = { pseudonym, entryId: 'e'.repeat(255), sealed: Buffer.from('sealed') }
  expect(decodeSealed(encodeSealed(record))).toEqual(record)
  expect(() => encodeSealed({ ...record, entryId: 'e'.repeat(256) })).toThrow(
    "an entry's id of 256 characters, want 255 at most",
  )
})
