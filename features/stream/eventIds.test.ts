import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EventId } from '../schema/ids.js'
import { type EventIds, openEventIds } from './eventIds.js'

let dir: string
let ids: EventIds
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aptus-event-ids-'))
  ids = await openEventIds(dir)
})
afterEach(async () => {
  await ids.close()
  await rm(dir, { recursive: true })
})

const id = (text: string): EventId => text as EventId
const reopened = async (): Promise<void> => {
  await ids.close()
  ids = await openEventIds(dir)
}

test('knows what was added at once, while it is written, and after a restart', async () => {
  const many = Array.from({ length: 20_000 }, (_, n) => id(`e${n}`))
  ids.add(many, 20_000)
  expect([ids.has(id('e7')), ids.has(id('f7'))]).toEqual([true, false])
  const writing = ids.remove([id('e8')])
  for (let turns = 0; turns < 20; turns += 1) {
    await new Promise((resolve) => setImmediate(resolve))
    expect(ids.has(id('e7'))).toBe(true)
  }
  await writing
  await reopened()
  expect([ids.upTo(), many.filter(ids.has).length, ids.has(id('f7'))]).toEqual([20_000, 19_999, false])
})

test('forgets what was removed, written or not', async () => {
  ids.add([id('a'), id('b')], 2)
  await reopened()
  ids.add([id('c'), id('d')], 4)
  await ids.remove([id('a'), id('c'), id('never')])
  expect(['a', 'b', 'c', 'd'].map((each) => ids.has(id(each)))).toEqual([false, true, false, true])
  await reopened()
  expect(['a', 'b', 'c', 'd'].map((each) => ids.has(id(each)))).toEqual([false, true, false, true])
})

test('a load leaves the sequence; clearing leaves nothing', async () => {
  ids.add([id('a')], 1)
  await ids.load([id('b')])
  expect([ids.upTo(), ids.has(id('b'))]).toEqual([1, true])
  await ids.clear()
  await reopened()
  expect([ids.upTo(), ids.has(id('a')), ids.has(id('b'))]).toEqual([0, false, false])
})
