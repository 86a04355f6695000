import { createHash } from 'node:crypto'
import { type Digest } from '../features/schema/ids.js'
import { type Blobs } from '../storage/blobs.js'
import { systemEntry } from '../tests/systemEntries.js'
import { type Entry } from './entry.js'
import { neededByLedger } from './needed.js'

const held = new Map<string, Uint8Array>()
const put = (text: string): Digest => {
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}` as Digest
  held.set(digest, Buffer.from(text))
  return digest
}
const blobs = {
  has: (digest: string) => {
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/)
    return Promise.resolve(held.has(digest))
  },
  get: (digest: string) => Promise.resolve(held.get(digest) ?? new Uint8Array()),
} as Pick<Blobs, 'has' | 'get'> as Blobs
async function* entriesOf(...entries: readonly object[]) {
  await Promise.resolve()
  for (const entry of entries) yield { entry: entry as Entry }
}
const needed = (...entries: readonly object[]) => neededByLedger(entriesOf(...entries), blobs)
const absent = `sha256:${'0'.repeat(64)}`
beforeEach(() => held.clear())

test('what an entry names, wherever it stands, and what that names as JSON; nothing that is no blob', async () => {
  const levels = put('levels')
  const manifest = put(JSON.stringify({ levels, index: { graph: absent }, note: `of ${put('named within words')}` }))
  const pack = put('a pack in YAML')
  const found = await needed({ type: 'a', release: manifest }, { type: 'b', statement: { packs: [pack, absent] } })
  expect([...found.blobs].sort()).toEqual([manifest, pack, levels].sort())
})

test('parts are those of JSON alone: other bytes name nothing, and neither does what only begins like it', async () => {
  const part = put('part')
  const [yaml, broken] = [put(`extends: "${part}"`), put(`{ "part": "${part}"`)]
  const found = await needed({ type: 'a', names: [yaml, broken] })
  expect([...found.blobs].sort()).toEqual([yaml, broken].sort())
})

test('revisions of the catalogue: the greatest that is named or entered', async () => {
  expect((await needed()).catalogueRevision).toBe(0)
  expect((await needed(systemEntry(3), systemEntry(2))).catalogueRevision).toBe(3)
  expect(
    (await needed(systemEntry(3), { catalogue: { revision: 5 } }, { catalogue: { revision: 4 } })).catalogueRevision,
  ).toBe(5)
})

test('a blob that is damaged ends it', async () => {
  const damaged = { ...blobs, get: () => Promise.reject(new Error('damaged')) } as Blobs
  await expect(neededByLedger(entriesOf({ release: put('x') }), damaged)).rejects.toThrow('damaged')
})
