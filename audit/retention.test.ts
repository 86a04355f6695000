import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Digest } from '../features/schema/ids.js'
import { systemEntry } from '../tests/systemEntries.js'
import { ClassChangeEntry } from './investorEntry.js'
import { type Entry } from './entry.js'
import { openLedger } from './ledger.js'
import { retentionOf } from './retention.js'

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'retention-'))
})
afterEach(() => rm(root, { recursive: true }))

const packOf = (letter: string): Digest => `sha256:${letter.repeat(64)}` as Digest
const [five, twenty] = [packOf('5'), packOf('2')]
const yearsOf = (pack: Digest): Promise<number> =>
  pack === five ? Promise.resolve(5) : pack === twenty ? Promise.resolve(20) : Promise.reject(new Error('lost'))

/** The smallest entry that names a pack. */
const decided = (number: number, packDigest: Digest, at: string): Entry =>
  ClassChangeEntry.parse({
    v: 1,
    type: 'class-change',
    changeId: `c-${number}`,
    firmId: 'default',
    pseudonym: '0'.repeat(32),
    commitment: `hmac-sha256:${'0'.repeat(64)}`,
    packDigest,
    at: Date.parse(at),
  })

/** A segment for each group of entries. */
const fill = async (groups: readonly (readonly Entry[])[]): Promise<string> => {
  const dir = join(root, 'ledger')
  for (const group of groups) {
    const ledger = await openLedger(dir, { rotateBytes: 1 })
    await Promise.all(group.map(ledger.append))
    await ledger.close()
  }
  return join(dir, 'log')
}

test('the longest term of the packs that a segment names, never before the segments ahead of it', async () => {
  const log = await fill([
    [decided(1, five, '2026-01-01T00:00:00Z'), decided(2, five, '2024-02-29T12:00:00Z')],
    [decided(3, five, '2026-03-01T00:00:00Z'), decided(4, twenty, '2026-02-01T00:00:00Z')],
    [decided(5, five, '2028-02-29T00:00:00Z')],
    [systemEntry(1)],
    [decided(6, five, '2030-01-01T00:00:00Z')],
  ])
  const told: (readonly [number, number])[] = []
  const found = await retentionOf(log, yearsOf, (done, total) => void told.push([done, total]))
  expect(told).toEqual([1, 2, 3, 4, 5].map((done) => [done, 5]))
  expect(found.map(({ newest }) => newest)).toEqual([
    ...['2026-01-01', '2026-03-01', '2028-02-29'].map((day) => Date.parse(day)),
    ...[systemEntry(1).at, Date.parse('2030-01-01')],
  ])
  const until = (at: string): number => Date.parse(at)
  expect(found.map(({ entries, packs, years, removableFrom }) => ({ entries, packs, years, removableFrom }))).toEqual([
    { entries: 2, packs: [five], years: 5, removableFrom: until('2031-01-01T00:00:00Z') },
    { entries: 2, packs: [twenty, five], years: 20, removableFrom: until('2046-03-01T00:00:00Z') },
    { entries: 1, packs: [five], years: 5, removableFrom: until('2046-03-01T00:00:00Z') },
    { entries: 1, packs: [], years: 20, removableFrom: until('2046-03-01T00:00:00Z') },
    { entries: 1, packs: [five], years: 5, removableFrom: null },
  ])
  expect(found.map(({ segment }) => segment)).toEqual(['1', '2', '3', '4', '5'].map((n) => `0000000${n}.seg`))
})

test('29 February becomes 1 March where the year has none', async () => {
  const log = await fill([[decided(1, five, '2028-02-29T12:00:00Z')], [systemEntry(1)]])
  expect((await retentionOf(log, yearsOf))[0]?.removableFrom).toBe(Date.parse('2033-03-01T12:00:00Z'))
})

test('no term is known of a ledger that names no pack; one that is lost is an error', async () => {
  const log = await fill([[systemEntry(1)], [systemEntry(2)]])
  expect(await retentionOf(log, yearsOf)).toMatchObject([{ years: null, removableFrom: null }, { years: null }])
  await fill([[decided(1, packOf('a'), '2028-02-29T12:00:00Z')]])
  await expect(retentionOf(log, yearsOf)).rejects.toThrow('lost')
})
