import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRewritableLmdb } from './rewritableLmdb.js'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rewritable-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const secret = Buffer.from('a canary that must be gone from every file')
/** Whether any file under the directory holds the bytes. */
const onDisk = async (bytes: Buffer): Promise<boolean> => {
  const files = await readdir(dir, { recursive: true, withFileTypes: true })
  const held = files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name)))
  return (await Promise.all(held)).some((content) => content.includes(bytes))
}

test('a removed value lies in freed pages until the rewriting, and in no file after it; the rest stays', async () => {
  const store = await openRewritableLmdb(dir)
  await store.current().transact(({ put }) => {
    for (let i = 0; i < 12_000; i++) put(`kept/${i}`, Buffer.from(`value ${i}`))
    put('secret', secret)
  })
  await store.current().transact(({ remove }) => remove('secret'))
  expect(await onDisk(secret)).toBe(true)
  await store.rewrite()
  expect(await onDisk(secret)).toBe(false)
  await store.close()
  const again = await openRewritableLmdb(dir)
  expect([...again.current().entries()].length).toBe(12_000)
  expect(Buffer.from(again.current().get('kept/77') ?? '').toString()).toBe('value 77')
  await again.close()
})

test('an interrupted rewriting is finished at the next opening', async () => {
  const store = await openRewritableLmdb(dir)
  await store.current().transact(({ put }) => put('secret', secret))
  await store.current().transact(({ remove, put }) => [remove('secret'), put('kept', Buffer.from('yes'))])
  await store.close()
  await mkdir(join(dir, '000002.new'))
  const again = await openRewritableLmdb(dir)
  expect(await onDisk(secret)).toBe(false)
  expect(Buffer.from(again.current().get('kept') ?? '').toString()).toBe('yes')
  await again.close()
})
