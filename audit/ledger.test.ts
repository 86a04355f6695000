import { cp, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeDisk, type SegmentDisk } from '../storage/segmentDisk.js'
import { leafHash } from '../storage/segmentFormat.js'
import { type SegmentOptions } from '../storage/segments.js'
import { systemEntry } from '../tests/systemEntries.js'
import { type Ledger, openLedger } from './ledger.js'
import { subtreesOf } from './merkle/frontier.js'
import { emptyRoot, hashLength } from './merkle/hashing.js'
import { consistencyHolds, rootOfInclusion } from './merkle/verifyProof.js'
import { hashesFile, placeOf, subtreeCount } from './merkleTree.js'
import { openNote } from './signedNote.js'
import { parseCheckpoint } from './checkpoint.js'

let root = ''
let dir = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ledger-'))
  dir = join(root, 'ledger')
})
afterEach(() => rm(root, { recursive: true, force: true }))

const within = async <T>(work: (ledger: Ledger) => Promise<T>, options: SegmentOptions = {}): Promise<T> => {
  const ledger = await openLedger(dir, options)
  try {
    return await work(ledger)
  } finally {
    await ledger.close()
  }
}
/** Appends up to `size` entries, in groups of no fixed length. */
const fillTo = async (ledger: Ledger, size: number): Promise<void> => {
  const missing = Array.from({ length: size - ledger.size() }, (_, place) => systemEntry(ledger.size() + place))
  await Promise.all(missing.map(ledger.append))
}
const path = (...names: string[]): string => join(dir, ...names)
const hashes = (): string => path('tree', hashesFile)

test('a checkpoint is signed over the present tree, durable, and the same until the ledger grows', () =>
  within(async (ledger) => {
    const empty = await ledger.checkpoint()
    expect(empty).toMatchObject({ size: 0, root: emptyRoot })
    await fillTo(ledger, 7)
    const [signed, again] = await Promise.all([ledger.checkpoint(), ledger.checkpoint()])
    expect(again).toBe(signed)
    expect(await readFile(path('checkpoint'), 'utf8')).toBe(signed.note)
    const text = openNote(signed.note, ledger.vkey)
    expect(parseCheckpoint(text ?? '')).toEqual({ origin: signed.origin, size: 7, root: signed.root })
    expect(signed.origin).toMatch(/^aptus\.invalid\/ledger\/[0-9a-f]{16}$/)
  }))

test('proofs of every entry and of every two sizes verify, also after a reopening', async () => {
  const check = async (ledger: Ledger): Promise<void> => {
    const size = ledger.size()
    for (let index = 0; index < size; index++)
      for (const at of [index + 1, size]) {
        const { leaf, path: siblings, root: stated } = await ledger.inclusion(index, at)
        expect(leaf).toEqual(leafHash((await ledger.byIndex(index)).bytes))
        expect(rootOfInclusion(leaf, index, at, siblings)).toEqual(stated)
      }
    for (let from = 0; from <= size; from++) {
      const proof = await ledger.consistency(from)
      expect(consistencyHolds(proof.from, proof.to, proof.path)).toBe(true)
    }
  }
  await within(async (ledger) => {
    await fillTo(ledger, 21)
    await check(ledger)
    await ledger.checkpoint()
    await fillTo(ledger, 30)
  })
  await within(async (ledger) => {
    await check(ledger)
    await fillTo(ledger, 40)
    await check(ledger)
    await expect(ledger.inclusion(40)).rejects.toMatchObject({ code: 'absent' })
    await expect(ledger.inclusion(7, 7)).rejects.toMatchObject({ code: 'absent' })
    await expect(ledger.inclusion(7, 41)).rejects.toMatchObject({ code: 'absent' })
    await expect(ledger.consistency(3, 2)).rejects.toMatchObject({ code: 'absent' })
    await expect(ledger.consistency(3, 41)).rejects.toMatchObject({ code: 'absent' })
  })
})

const flipBit = async (file: string, offset: number, bit: number): Promise<void> => {
  const bytes = await readFile(file)
  bytes[offset]! ^= 1 << bit
  await writeFile(file, bytes)
}

test('a tree that is deleted, cut, lagging, longer or of other bytes leads to the same signed root', async () => {
  await within(async (ledger) => {
    await fillTo(ledger, 70)
    await ledger.checkpoint()
    await fillTo(ledger, 100)
  })
  const kept = join(root, 'kept')
  await cp(dir, kept, { recursive: true })
  const wanted = await within((ledger) => ledger.checkpoint())
  const length = subtreeCount(100) * hashLength
  expect((await stat(hashes())).size).toBe(length)
  const spoilings: (() => Promise<void>)[] = [
    () => rm(path('tree'), { recursive: true }),
    () => writeFile(hashes(), Buffer.alloc(10 * length, 7)),
    ...[0, 1, hashLength, subtreeCount(70) * hashLength - 1, subtreeCount(70) * hashLength, length - 1].map(
      (cut) => () => truncate(hashes(), cut),
    ),
  ]
  for (const spoil of spoilings) {
    await rm(dir, { recursive: true })
    await cp(kept, dir, { recursive: true })
    await spoil()
    await within(async (ledger) => {
      expect((await ledger.checkpoint()).note).toBe(wanted.note)
      const proof = await ledger.consistency(70)
      expect(consistencyHolds(proof.from, proof.to, proof.path)).toBe(true)
    })
    expect((await stat(hashes())).size).toBe(length)
  }
})

test('a bit flipped in the tree never leads to another signed root, nor to a proof', async () => {
  const size = 40
  await within(async (ledger) => {
    await fillTo(ledger, size)
    await ledger.checkpoint()
  })
  const [good, note] = [await readFile(hashes()), await readFile(path('checkpoint'), 'utf8')]
  const older = 23
  const wanted = await within((ledger) => ledger.consistency(older))
  const frontier = new Set(subtreesOf(size).map(({ level, index }) => placeOf(level, index)))
  for (let place = 0; place < subtreeCount(size); place++) {
    await writeFile(hashes(), good)
    await flipBit(hashes(), place * hashLength + (place % hashLength), place % 8)
    await within(async (ledger) => {
      expect((await ledger.checkpoint()).note).toBe(note)
      const refused: string[] = []
      for (let index = 0; index < size; index++) {
        const proof = await ledger.inclusion(index).catch((error: { code: string }) => error.code)
        if (typeof proof === 'string') refused.push(proof)
        else expect(rootOfInclusion(proof.leaf, index, size, proof.path)).toEqual(ledger.newestCheckpoint()?.root)
      }
      for (const proof of [() => ledger.consistency(older), () => ledger.inclusion(older - 1, older)]) {
        const given = await proof().catch((error: { code: string }) => error.code)
        if (typeof given === 'string') expect(given).toBe('tree')
        else expect('from' in given ? given : given.root).toEqual('from' in given ? wanted : wanted.from.root)
      }
      const between = await ledger.consistency(older, 35).catch((error: { code: string }) => error.code)
      if (typeof between === 'string') expect(between).toBe('tree')
      else expect(consistencyHolds(between.from, between.to, between.path)).toBe(true)
      // A subtree that the root is made of is found wrong at opening, and the tree made anew; any other, by a proof.
      expect(new Set(refused)).toEqual(new Set(frontier.has(place) ? [] : ['tree']))
    })
  }
}, 60_000)

test('entries below the checkpoint that are gone, or others, are refused', async () => {
  await within(async (ledger) => {
    await fillTo(ledger, 5)
    await ledger.checkpoint()
  })
  const log = await readdir(path('log'))
  const kept = await readFile(path('log', log[0] ?? ''))
  const note = await readFile(path('checkpoint'))
  await rm(path('log'), { recursive: true })
  await rm(path('index'), { recursive: true })
  await rm(path('tree'), { recursive: true })
  await expect(openLedger(dir)).rejects.toMatchObject({ code: 'shorter' })
  // Another history of the same length and key, with everything derived made anew.
  await rm(path('log'), { recursive: true })
  await rm(path('checkpoint'))
  await within(async (ledger) => {
    for (let number = 1; number < 6; number++) await ledger.append(systemEntry(number))
  })
  await writeFile(path('checkpoint'), note)
  await expect(openLedger(dir)).rejects.toMatchObject({
    code: 'damaged',
    message: expect.stringMatching(/aptus audit verify/) as string,
  })
  await rm(path('index'), { recursive: true })
  await writeFile(path('log', '00000001.seg'), kept)
  await within((ledger) => Promise.resolve(expect(ledger.size()).toBe(5)))
})

test('a checkpoint of which a byte was changed is refused', async () => {
  await within((ledger) => ledger.checkpoint())
  const good = await readFile(path('checkpoint'))
  for (let offset = 0; offset < good.length; offset++) {
    await flipBit(path('checkpoint'), offset, offset % 7)
    await expect(openLedger(dir)).rejects.toMatchObject({ code: 'damaged' })
    await writeFile(path('checkpoint'), good)
  }
})

test('a key that is missing, another, or none is refused, and none is made', async () => {
  await within((ledger) => ledger.checkpoint())
  const key = join(root, 'ledger.key')
  expect((await stat(key)).mode & 0o777).toBe(0o600)
  const [pem, vkey] = [await readFile(key, 'utf8'), await readFile(path('ledger.vkey'), 'utf8')]
  const refused = (): Promise<void> =>
    expect(openLedger(dir)).rejects.toMatchObject({ name: 'LedgerError', code: 'key' })
  await rm(key)
  await refused()
  await expect(stat(key)).rejects.toMatchObject({ code: 'ENOENT' })
  await writeFile(key, 'no key\n')
  await refused()
  await writeFile(key, pem)
  await rm(path('ledger.vkey'))
  await refused()
  await writeFile(path('ledger.vkey'), 'no key\n')
  await refused()
  await rm(path('ledger.vkey'))
  await rm(path('checkpoint'))
  await rm(key)
  await within((ledger) => Promise.resolve(expect(ledger.vkey).not.toBe(vkey.trimEnd())))
  await writeFile(key, pem)
  await refused()
})

test('a tree that cannot be written signs nothing, and takes no more; opened again it is whole', async () => {
  let broken = false
  const failing: SegmentDisk = {
    ...nodeDisk,
    write: (file, bytes, offset) =>
      broken && bytes.length % hashLength === 0
        ? Promise.reject(Object.assign(new Error('injected'), { code: 'ENOSPC' }))
        : nodeDisk.write(file, bytes, offset),
  }
  const ledger = await openLedger(dir, { disk: failing })
  await fillTo(ledger, 3)
  broken = true
  await expect(ledger.checkpoint()).rejects.toMatchObject({ code: 'ENOSPC' })
  await expect(ledger.append(systemEntry(3))).rejects.toMatchObject({ code: 'failed' })
  await expect(ledger.checkpoint()).rejects.toMatchObject({ code: 'failed' })
  await expect(ledger.close()).rejects.toMatchObject({ code: 'ENOSPC' })
  await expect(stat(path('checkpoint'))).rejects.toMatchObject({ code: 'ENOENT' })
  await within(async (whole) => {
    // The entry was on the disk, though nobody was told.
    expect((await whole.checkpoint()).size).toBe(4)
    expect((await whole.consistency(3)).path.length).toBeGreaterThan(0)
  })
})
