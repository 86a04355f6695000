import { generateKeyPairSync } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemEntry } from '../tests/systemEntries.js'
import { encodeEntry, type SystemEntry } from './entry.js'
import { type Ledger, openLedger } from './ledger.js'
import { openLedgerIndex } from './ledgerIndex.js'
import { verifyLog } from './verify.js'

let root = ''
let dir = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ledger-entries-'))
  dir = join(root, 'ledger')
})
afterEach(() => rm(root, { recursive: true, force: true }))

const within = async <T>(work: (ledger: Ledger) => Promise<T>): Promise<T> => {
  const ledger = await openLedger(dir)
  try {
    return await work(ledger)
  } finally {
    await ledger.close()
  }
}
const software: SystemEntry = { v: 1, type: 'software', entryId: 'sw', at: 1, aptus: '1.0', node: '20' }
const all = [systemEntry(0), software, systemEntry(2), systemEntry(3)]
const fill = async (ledger: Ledger): Promise<void> => {
  for (const [place, entry] of all.entries())
    expect(await ledger.append(place % 2 === 0 ? entry : encodeEntry(entry))).toBe(place)
}

test('entries, given as values or as bytes, are found by id, by place, by type and in their order', async () => {
  const check = async (ledger: Ledger): Promise<void> => {
    for (const [index, entry] of all.entries()) {
      const placed = { index, entry, bytes: Buffer.from(encodeEntry(entry)) }
      expect(await ledger.get('entryId' in entry ? entry.entryId : '')).toEqual(placed)
      expect(await ledger.byIndex(index)).toEqual(placed)
    }
    expect(await ledger.get('number-1')).toBeNull()
    expect(await ledger.latest('catalogue-revision')).toEqual(systemEntry(3))
    expect(await ledger.latest('software')).toEqual(software)
    expect(await ledger.latest('release-activation')).toBeNull()
    const read = async (from?: number) => {
      const found: unknown[] = []
      for await (const { index, entry, bytes } of ledger.iterate(from)) {
        expect(Buffer.from(encodeEntry(entry)).equals(bytes)).toBe(true)
        found.push([index, entry])
      }
      return found
    }
    expect(await read()).toEqual([...all.entries()])
    expect(await read(2)).toEqual([...all.entries()].slice(2))
  }
  await within(async (ledger) => {
    await fill(ledger)
    await check(ledger)
  })
  await within(check)
})

test('an id is taken once: while it is written, after, and in the next opening', async () => {
  const duplicate = { code: 'duplicate', message: 'entry number-0 is recorded already: give a new id' }
  await within(async (ledger) => {
    const first = ledger.append(systemEntry(0))
    await expect(ledger.append(systemEntry(0))).rejects.toMatchObject(duplicate)
    await first
    await expect(ledger.append(systemEntry(0))).rejects.toMatchObject(duplicate)
  })
  await within(async (ledger) => {
    await expect(ledger.append(systemEntry(0))).rejects.toMatchObject(duplicate)
    expect(ledger.size()).toBe(1)
  })
})

test('the last hash is the verifier’s, and zeros before the first entry', () =>
  within(async (ledger) => {
    expect(ledger.lastHash()).toBe(`sha256:${'0'.repeat(64)}`)
    await fill(ledger)
    expect(ledger.lastHash()).toBe(`sha256:${(await verifyLog(join(dir, 'log'))).head}`)
  }))

test('an index that leads elsewhere is told, and its entry not given out', async () => {
  await within(fill)
  const index = await openLedgerIndex(join(dir, 'index'))
  index.add(2, 'number-0', 'release-activation')
  index.add(3, 'number-3')
  await index.close()
  const fault = { code: 'index', message: expect.stringMatching(/^ledger\/index disagrees .*: stop, delete/) as string }
  await within(async (ledger) => {
    await expect(ledger.get('number-0')).rejects.toMatchObject(fault)
    await expect(ledger.latest('release-activation')).rejects.toMatchObject(fault)
    expect(await ledger.get('number-2')).toMatchObject({ index: 2 })
  })
})

test('a proof of what there is not is refused, with what there is', () =>
  within(async (ledger) => {
    await fill(ledger)
    const absent = (message: string) => ({ code: 'absent', message })
    for (const size of [-1, 0.5, Number.NaN, 5]) {
      const none = absent(`no tree of ${size} entries: the ledger holds 4`)
      await expect(ledger.inclusion(0, size)).rejects.toMatchObject(none)
      await expect(ledger.consistency(size, size)).rejects.toMatchObject(none)
    }
    await expect(ledger.inclusion(2, 2)).rejects.toMatchObject(
      absent('no entry 2 in a tree of 2 entries, counted from 0'),
    )
    await expect(ledger.consistency(3, 2)).rejects.toMatchObject(
      absent('a tree of 2 entries does not begin with one of 3'),
    )
  }))

describe('what is missing, or is another’s, is named', () => {
  beforeEach(() =>
    within(async (ledger) => {
      await fill(ledger)
      await ledger.checkpoint()
    }),
  )
  const refused = (message: RegExp): Promise<void> => expect(openLedger(dir)).rejects.toThrow(message)

  test('the verifier key', async () => {
    const vkey = join(dir, 'ledger.vkey')
    await writeFile(vkey, 'no key\n')
    await refused(/^ledger\/ledger\.vkey holds no verifier key: restore it/)
    await rm(vkey)
    await refused(/^ledger\/ledger\.vkey is missing beside ledger\/checkpoint: restore it/)
    await mkdir(vkey)
    await refused(/EISDIR/)
  })

  test('the key', async () => {
    const key = join(root, 'ledger.key')
    await rm(key)
    await refused(/^ledger\.key is missing from the data directory, .* No new key was made/)
    const pem = { type: 'pkcs8', format: 'pem' } as const
    await writeFile(key, generateKeyPairSync('ed25519').privateKey.export(pem))
    await refused(/^ledger\.key of the data directory is not the key that ledger\/ledger\.vkey names/)
    // Without a verifier key any would do that signs: it must be of Ed25519 all the same.
    await writeFile(key, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(pem))
    await rm(join(dir, 'ledger.vkey'))
    await rm(join(dir, 'checkpoint'))
    await refused(/^ledger\.key of the data directory holds no Ed25519 key: restore it/)
  })

  test('the checkpoint', async () => {
    const checkpoint = join(dir, 'checkpoint')
    const note = await readFile(checkpoint, 'utf8')
    await writeFile(checkpoint, note.replace('\n4\n', '\n3\n'))
    await refused(/^ledger\/checkpoint was not signed by the key of ledger\/ledger\.vkey, .*: keep the files, restore/)
    await rm(join(dir, 'log'), { recursive: true })
    await rm(join(dir, 'index'), { recursive: true })
    await rm(checkpoint)
    await within(async (ledger) => {
      for (const number of [5, 6, 7, 8]) await ledger.append(systemEntry(number))
    })
    await writeFile(checkpoint, note)
    await refused(/^the first 4 entries are not those of ledger\/checkpoint: .* signed was .* restore the segments/)
  })
})
