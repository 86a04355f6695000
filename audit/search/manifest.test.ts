import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { emptyManifest, type Manifest, readManifest, takenIn, writeManifest } from './manifest.js'

let dir = ''
beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'manifest-'))))
afterEach(() => rm(dir, { recursive: true }))

const name = (digit: string): string => `entries-${digit.repeat(16)}.parquet`
const two: Manifest = {
  v: 1,
  files: [
    { name: name('1'), first: 0, rows: 5, bytes: 10 },
    { name: name('2'), first: 5, rows: 3, bytes: 20 },
  ],
  last: 'a'.repeat(64),
}
const [one, other] = two.files as [Manifest['files'][number], Manifest['files'][number]]
const lying = async (files: Manifest['files']): Promise<void> => {
  for (const file of files) await writeFile(join(dir, file.name), Buffer.alloc(file.bytes))
}

test('the next entry follows the newest file', () => {
  expect([takenIn(emptyManifest), takenIn(two)]).toEqual([0, 8])
})

test('what was written is read again where the files lie as it says', async () => {
  for (const manifest of [emptyManifest, two]) {
    await lying(manifest.files)
    await writeManifest(dir, manifest)
    expect(await readManifest(dir)).toEqual(manifest)
  }
})

test.each<[string, () => Promise<void>]>([
  ['there is none', () => Promise.resolve()],
  ['it is no JSON', () => writeFile(join(dir, 'manifest.json'), '{')],
  ['it is of another form', () => writeFile(join(dir, 'manifest.json'), '{"v":2,"files":[],"last":null}')],
  ['a file is missing', () => writeManifest(dir, two).then(() => rm(join(dir, name('2'))))],
  ['a file is of another size', () => writeManifest(dir, two).then(() => lying([{ ...other, bytes: 21 }]))],
  ['it begins later', () => writeManifest(dir, { ...two, files: [other] })],
  ['there is a gap', () => writeManifest(dir, { ...two, files: [one, { ...other, first: 6 }] })],
  ['one overlaps the next', () => writeManifest(dir, { ...two, files: [one, { ...other, first: 4 }] })],
])('nothing is read where %s', async (_, spoil) => {
  await lying(two.files)
  await spoil()
  expect(await readManifest(dir)).toBeNull()
})

test('what is no fault of its words is thrown', async () => {
  await mkdir(join(dir, 'manifest.json'))
  await expect(readManifest(dir)).rejects.toMatchObject({ code: 'EISDIR' })
})
