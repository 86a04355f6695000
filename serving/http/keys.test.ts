import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FirmId } from '../../features/schema/ids.js'
import { createKeys, scopes } from './keys.js'

let dir = ''
let file = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aptus.keys-'))
  file = join(dir, 'keys.json')
})
afterEach(() => rm(dir, { recursive: true }))

test('makes one key a scope, tells them once, and keeps hashes in a file of the owner alone', async () => {
  const keys = await createKeys(file)
  const made = await keys.ensureDefaultKeys()
  expect(made.map(({ scope }) => scope)).toEqual([...scopes])
  expect(await keys.ensureDefaultKeys()).toEqual([])
  const text = await readFile(file, 'utf8')
  for (const { scope, key } of made) {
    expect(key).toMatch(new RegExp(`^aptus_${scope}_[A-Za-z0-9_-]{43}$`))
    expect(text).not.toContain(key.slice(-43))
    expect([...(keys.find(key)?.scopes ?? [])]).toEqual([scope])
    expect(keys.find(key)?.firmId).toBe('default')
  }
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await readdir(dir)).toEqual(['keys.json'])
})

test('a key a scope is made in one replacement: all of them, or none', async () => {
  let replaced = 0
  const failing = { read: () => Promise.resolve(null), replace: () => Promise.reject(new Error('no space')) }
  const counting = { read: () => Promise.resolve(null), replace: () => Promise.resolve(void (replaced += 1)) }
  await expect((await createKeys(failing)).ensureDefaultKeys()).rejects.toThrow('no space')
  expect(await (await createKeys(counting)).ensureDefaultKeys()).toHaveLength(scopes.length)
  expect(replaced).toBe(1)
})

test('a new opening finds the keys, and none but them', async () => {
  const key = await (await createKeys(file)).add('risk', FirmId.parse('bank-1'))
  const again = await createKeys(file)
  expect(again.find(key)?.firmId).toBe('bank-1')
  expect(again.find(`${key}x`)).toBeNull()
  expect(again.find('')).toBeNull()
  expect(await again.ensureDefaultKeys()).toEqual([])
})

test('a list tells firm, scope and a mark of each key, and no key', async () => {
  const keys = await createKeys(file)
  const made = [await keys.add('app', FirmId.parse('bank-1')), await keys.add('risk', FirmId.parse('bank-2'))]
  const listed = (await createKeys(file)).list()
  expect(listed).toMatchObject([
    { firmId: 'bank-1', scopes: ['app'] },
    { firmId: 'bank-2', scopes: ['risk'] },
  ])
  expect(new Set(listed.map(({ mark }) => mark)).size).toBe(2)
  for (const key of made) expect(JSON.stringify(listed)).not.toContain(key.slice(-43))
})

test('a revoked key opens nothing, here at once and elsewhere after a refresh; the others stay', async () => {
  const keys = await createKeys(file)
  const [gone, stays] = [await keys.add('app', FirmId.parse('f')), await keys.add('risk', FirmId.parse('f'))]
  const elsewhere = await createKeys(file)
  const mark = keys.list()[0]?.mark ?? ''
  expect(await keys.revoke('00000000')).toBe(false)
  expect(await keys.revoke(mark)).toBe(true)
  expect([keys.find(gone), keys.find(stays) !== null]).toEqual([null, true])
  expect(elsewhere.find(gone)).not.toBeNull()
  await elsewhere.refresh()
  expect([elsewhere.find(gone), elsewhere.find(stays) !== null]).toEqual([null, true])
  await writeFile(file, 'not json')
  await expect(elsewhere.refresh()).rejects.toThrow(/damaged/)
  expect(elsewhere.find(stays)).not.toBeNull()
})

test('keys made at once are all kept', async () => {
  const keys = await createKeys(file)
  const made = await Promise.all(Array.from({ length: 8 }, () => keys.add('app', FirmId.parse('f'))))
  const again = await createKeys(file)
  expect(made.every((key) => again.find(key) !== null)).toBe(true)
})

test.each(['not json', '{}', '{"format":"aptus-keys/1","keys":[{"sha256":"x","scopes":[],"firmId":"f"}]}'])(
  'a damaged file is refused, not taken for an empty one: %s',
  async (text) => {
    await writeFile(file, text)
    await expect(createKeys(file)).rejects.toThrow(/damaged/)
  },
)
