import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ForgettingLmdb, openForgettingLmdb } from './forgettingLmdb.js'
import { openRewritableLmdb } from './rewritableLmdb.js'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'forgetting-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const canary = (n: number): string => `canary ${n} that must be gone from every file`
/** Whether any file under the directory holds the text; a directory that is being replaced is looked at again. */
const onDisk = async (text: string): Promise<boolean> => {
  try {
    const files = (await readdir(dir, { recursive: true, withFileTypes: true })).filter((file) => file.isFile())
    const held = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name))))
    return held.some((bytes) => bytes.includes(text))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return onDisk(text)
    throw error
  }
}
const put = (store: ForgettingLmdb, key: string, text: string): Promise<void> =>
  store.transact((transaction) => transaction.put(key, Buffer.from(text)))
const until = async (holds: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 200 && !(await holds()); tries++) await new Promise((resolve) => setTimeout(resolve, 10))
}

test('what is forgotten is soon in no file; a second time within the minute it is at closing', async () => {
  const store = await openForgettingLmdb(dir)
  await put(store, 'kept', 'yes')
  for (const n of [1, 2]) await put(store, `secret${n}`, canary(n))
  expect(await store.forget(({ remove }) => remove('secret1'))).toBe(true)
  await until(async () => !(await onDisk(canary(1))))
  expect(await onDisk(canary(1))).toBe(false)
  await store.forget(({ remove }) => remove('secret2'))
  expect(store.get('secret2')).toBeUndefined()
  expect(await onDisk(canary(2))).toBe(true)
  await store.close()
  expect(await onDisk(canary(2))).toBe(false)
  const again = await openForgettingLmdb(dir)
  expect(Buffer.from(again.get('kept') ?? '').toString()).toBe('yes')
  await again.close()
})

test('a crash between a removal and its rewriting is made good at the next opening', async () => {
  const { current, close } = await openRewritableLmdb(dir)
  await current().transact((transaction) => transaction.put('secret', Buffer.from(canary(1))))
  await writeFile(join(dir, 'forgetting'), '')
  await current().transact(({ remove }) => remove('secret'))
  await close()
  expect(await onDisk(canary(1))).toBe(true)
  const store = await openForgettingLmdb(dir)
  expect(await onDisk(canary(1))).toBe(false)
  await store.close()
})

test('within the minute, but with a shorter one, the timer writes the file anew', async () => {
  const store = await openForgettingLmdb(dir, 30)
  for (const n of [1, 2]) await put(store, `secret${n}`, canary(n))
  await store.forget(({ remove }) => remove('secret1'))
  await store.forget(({ remove }) => remove('secret2'))
  await until(async () => !(await onDisk(canary(2))))
  expect(await onDisk(canary(2))).toBe(false)
  await store.close()
})

test('writes and reads go on while the file is written anew, and none is lost', async () => {
  const store = await openForgettingLmdb(dir, 1)
  await put(store, 'secret', canary(0))
  const writes = Array.from({ length: 300 }, async (_, n) => {
    await put(store, `k${n}`, String(n))
    expect(Buffer.from(store.get(`k${n}`) ?? '').toString()).toBe(String(n))
    if (n % 50 === 0) await store.forget(({ remove }) => remove(`none${n}`))
  })
  await store.forget(({ remove }) => remove('secret'))
  await Promise.all(writes)
  expect([...store.entries()].length).toBe(300)
  await store.close()
})
