import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemEntry } from '../tests/systemEntries.js'
import { entriesIn, enteredBefore } from './entered.js'
import { type Entry } from './entry.js'
import { openLedger } from './ledger.js'

const digest = (letter: string) => `sha256:${letter.repeat(64)}`
const release = (letter: string) => ({ type: 'release-activation', entryId: `r-${letter}`, release: digest(letter) })
const revision = (number: number, letter: string) => ({
  ...{ type: 'catalogue-revision', entryId: `c-${number}`, revision: number, digest: digest(letter) },
})
const decided = (by: string, number: number, letter: string, knownBefore: number | null = null) => ({
  ...{ type: 'decision', decisionId: 'd', release: digest(by) },
  catalogue: { revision: number, digest: digest(letter), knownBefore },
})
const checked = (number: number, letter: string) => ({
  ...{
    type: 'purchase-check',
    checkId: 'p',
    catalogue: { revision: number, digest: digest(letter), knownBefore: null },
  },
})
const walked = (...entries: readonly object[]) =>
  enteredBefore(entries.map((entry, index) => ({ index, entry: entry as Entry })))
/** By the last entry. */
const lacking = async (...entries: readonly object[]) => {
  const { unentered } = await walked(...entries)
  return unentered.filter(({ index }) => index === entries.length - 1).map(({ what }) => what)
}

test('a decision’s release and catalogue are entered before it', async () => {
  const opening = [release('a'), revision(1, 'b')]
  expect(await lacking(...opening, decided('a', 1, 'b'))).toEqual([])
  expect(await lacking(...opening, decided('c', 1, 'b'))).toEqual(['release'])
  expect(await lacking(...opening, decided('a', 1, 'c'))).toEqual(['catalogue'])
  expect(await lacking(...opening, decided('a', 2, 'b'))).toEqual(['catalogue'])
  expect(await lacking(...opening, decided('c', 2, 'c'))).toEqual(['catalogue', 'release'])
  expect(await lacking(...opening, checked(1, 'b'))).toEqual([])
  expect(await lacking(...opening, checked(2, 'b'))).toEqual(['catalogue'])
})

test('a catalogue as of an instant is of revisions up to one that was entered', async () => {
  const opening = [release('a'), revision(3, 'b'), revision(2, 'c')]
  expect(await lacking(...opening, decided('a', 3, 'e', 5))).toEqual([])
  expect(await lacking(...opening, decided('a', 2, 'e', 5))).toEqual([])
  expect(await lacking(...opening, decided('a', 4, 'e', 5))).toEqual(['catalogue'])
})

test('what stands before the first activation of any kind is counted, and not held to it', async () => {
  expect(await walked(decided('a', 1, 'b'), checked(1, 'b'))).toEqual({ judged: 2, beforeFirst: 2, unentered: [] })
  const late = await walked(decided('a', 1, 'b'), release('a'), decided('a', 1, 'b'))
  expect(late).toEqual({ judged: 2, beforeFirst: 1, unentered: [{ index: 2, entryId: 'd', what: 'catalogue' }] })
  const other = await walked(revision(0, 'b'), decided('a', 0, 'b'))
  expect(other).toEqual({ judged: 1, beforeFirst: 0, unentered: [{ index: 1, entryId: 'd', what: 'release' }] })
})

test('an entry about rules that the ones before it do not allow is told', async () => {
  const forged = { v: 1, type: 'pack-in-force', entryId: 'rule:1', at: 1, origin: 'configuration', firmId: null }
  const found = await walked({ ...forged, packDigest: null })
  expect(found).toEqual({ judged: 0, beforeFirst: 0, unentered: [{ index: 0, entryId: 'rule:1', what: 'rule pack' }] })
  expect((await walked({ ...forged, packDigest: digest('a') })).unentered).toEqual([])
})

test('entries of a folder come in order over its segments, without the ledger', async () => {
  const root = await mkdtemp(join(tmpdir(), 'entered-'))
  try {
    const ledger = await openLedger(join(root, 'ledger'), { rotateBytes: 500 })
    for (let number = 0; number < 10; number++) await ledger.append(systemEntry(number))
    const log = join(root, 'ledger', 'log')
    const read = async () => {
      const found: (readonly [number, Entry])[] = []
      for await (const { index, entry } of entriesIn(log)) found.push([index, entry])
      return found
    }
    expect(await read()).toEqual(Array.from({ length: 10 }, (_, number) => [number, systemEntry(number)]))
    await ledger.close()
  } finally {
    await rm(root, { recursive: true })
  }
})
