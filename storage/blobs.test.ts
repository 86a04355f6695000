import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openBlobs } from './blobs.js'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const abc = 'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

describe('blobs', () => {
  let dir = ''
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'aptus-blobs-'))
  })
  afterEach(async () => {
    await rm(dir, { recursive: true })
  })

  test('are named by the SHA-256 of their bytes', async () => {
    const blobs = openBlobs(dir)
    expect(await blobs.put(bytes('abc'))).toBe(abc)
    expect(Buffer.from(await blobs.get(abc)).toString()).toBe('abc')
  })

  test('are written once, whole, with nothing left beside them', async () => {
    const blobs = openBlobs(join(dir, 'deep', 'down'))
    await Promise.all([blobs.put(bytes('abc')), blobs.put(bytes('abc')), blobs.put(bytes('abc'))])
    expect(await readdir(dirname(blobs.path(abc)))).toEqual([abc.slice('sha256:'.length)])
  })

  test('has tells what is there', async () => {
    const blobs = openBlobs(dir)
    expect(await blobs.has(abc)).toBe(false)
    await blobs.put(bytes('abc'))
    expect(await blobs.has(abc)).toBe(true)
  })

  test('one that is removed is gone, and tells its size', async () => {
    const blobs = openBlobs(dir)
    await blobs.put(bytes('abc'))
    expect([await blobs.sizeOf(abc), await blobs.remove(abc), await blobs.remove(abc)]).toEqual([3, 3, 0])
    expect([await blobs.has(abc), await blobs.sizeOf(abc)]).toEqual([false, 0])
  })

  test('an absent blob is an error that names it', async () => {
    await expect(openBlobs(dir).get(abc)).rejects.toMatchObject({ code: 'blob-absent' })
  })

  test('a flipped byte is an error, and putting the bytes again heals it', async () => {
    const blobs = openBlobs(dir)
    await blobs.put(bytes('abc'))
    await writeFile(blobs.path(abc), bytes('abd'))
    await expect(blobs.get(abc)).rejects.toMatchObject({ code: 'blob-damaged' })
    await blobs.put(bytes('abc'))
    expect(Buffer.from(await blobs.get(abc)).toString()).toBe('abc')
  })

  test.each(['abc', '../../etc/passwd', 'sha256:ABC', `${abc}/..`])('refuses the name %s', async (name) => {
    await expect(openBlobs(dir).get(name)).rejects.toMatchObject({ code: 'blob-name' })
  })
})
