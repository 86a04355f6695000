import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLedgerIndex } from './ledgerIndex.js'

let dir = ''
beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'ledger-index-'))))
afterEach(() => rm(dir, { recursive: true, force: true }))

test('places are found before they are written, after, and in the next opening', async () => {
  const index = await openLedgerIndex(dir)
  index.add(0, 'a', 'one')
  index.add(1, 'b', 'other')
  index.add(2, 'c', 'one')
  const found = ({ find, latest }: typeof index) => [
    ['a', 'b', 'c', 'd'].map(find),
    ['one', 'other', 'none'].map(latest),
  ]
  const wanted = [
    [0, 1, 2, undefined],
    [2, 1, undefined],
  ]
  expect([index.stored, found(index)]).toEqual([0, wanted])
  await index.flush()
  expect(found(index)).toEqual(wanted)
  await index.close()
  const again = await openLedgerIndex(dir)
  expect([again.stored, found(again)]).toEqual([3, wanted])
  await again.close()
})

test('a newest of its type that moves on while it is written stays the newest', async () => {
  const index = await openLedgerIndex(dir)
  index.add(0, 'a', 'one')
  const writing = index.flush()
  index.add(1, 'b', 'one')
  await new Promise((resolve) => setImmediate(resolve))
  index.add(2, 'c', 'one')
  await writing
  expect(index.latest('one')).toBe(2)
  await index.close()
})

test('what waits is written before long, though nobody asks for it', async () => {
  const index = await openLedgerIndex(dir)
  index.add(0, 'a')
  await new Promise((resolve) => setTimeout(resolve, 400))
  const other = await openLedgerIndex(dir)
  expect(other.stored).toBe(1)
  await other.close()
  await index.close()
})
