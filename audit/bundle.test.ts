import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemEntry } from '../tests/systemEntries.js'
import { writeBundle } from './bundle.js'
import { openLedger } from './ledger.js'
import { verifyLedger } from './verify.js'

let root = ''
let dir = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'bundle-'))
  dir = join(root, 'ledger')
  const ledger = await openLedger(dir, { rotateBytes: 500 })
  for (let number = 0; number < 10; number++) await ledger.append(systemEntry(number))
  await ledger.close()
  await writeFile(join(dir, 'log', 'notes.txt'), 'not of the ledger')
  await writeFile(join(root, 'verify.js'), 'the verifier as built')
})
afterEach(() => rm(root, { recursive: true }))

const told: (readonly [number, number])[] = []
const bundle = (out: string) => {
  told.length = 0
  return writeBundle(dir, out, (done, total) => void told.push([done, total]), join(root, 'verify.js'))
}

test('the segments under a fresh checkpoint, with verifier and words; each segment is told as it is copied', async () => {
  const out = join(root, 'out')
  const { entries, segments, vkey } = await bundle(out)
  expect(entries).toBe(10)
  expect((await readdir(out)).sort()).toEqual(['README.md', 'ledger', 'verify.mjs'])
  const [from, to] = [join(dir, 'log'), join(out, 'ledger', 'log')]
  const copied = (await readdir(to)).sort()
  expect(copied).toEqual((await readdir(from)).filter((name) => name !== 'notes.txt').sort())
  expect([copied.length, segments > 2]).toEqual([segments, true])
  for (const name of copied) expect(await readFile(join(to, name))).toEqual(await readFile(join(from, name)))
  expect(await verifyLedger(join(out, 'ledger'), { vkey })).toMatchObject({ entries: 10, signed: 10, faults: [] })

  const sizes = await Promise.all(copied.map(async (name) => (await stat(join(to, name))).size))
  const total = sizes.reduce((sum, size) => sum + size)
  expect(told).toEqual(sizes.map((_, place) => [sizes.slice(0, place + 1).reduce((sum, size) => sum + size), total]))

  expect(await readFile(join(out, 'verify.mjs'), 'utf8')).toBe('the verifier as built')
  const words = await readFile(join(out, 'README.md'), 'utf8')
  expect(words).toMatch(/^# A decision ledger of 10 entries\n/)
  expect(words).toContain(`This folder says ${vkey}\n`)
})

test('nothing is written over, and the ledger is free again whether it went well or not', async () => {
  const out = join(root, 'out')
  await mkdir(out)
  await expect(bundle(out)).rejects.toMatchObject({ code: 'EEXIST' })
  await expect(bundle(join(root, 'no', 'such', 'place'))).rejects.toMatchObject({ code: 'ENOENT' })
  const ledger = await openLedger(dir)
  await expect(bundle(join(root, 'held'))).rejects.toMatchObject({ code: 'held' })
  await ledger.close()
  expect(await bundle(join(root, 'free'))).toMatchObject({ entries: 10 })
})
