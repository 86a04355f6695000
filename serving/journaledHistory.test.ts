import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { openHistory } from '../features/history/history.js'
import { type History } from '../features/history/port.js'
import { type InvestorId } from '../features/schema/ids.js'
import { type EventRecord } from '../features/schema/records.js'
import { nodeDisk } from '../storage/segmentDisk.js'
import { eventRecord, investorRecord } from '../tests/sampleRecords.js'
import { type JournalOptions, openJournaledHistory } from './journaledHistory.js'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'aptus-journaled-'))
})
afterEach(() => rm(root, { recursive: true }))

const id = (text: string): InvestorId => text as InvestorId
const event = (eventId: string, at = 5, investorId = 'a'): EventRecord =>
  eventRecord(eventId, { investorId, productId: 'p', at })

type Opened = { readonly history: History; readonly below: History; readonly close: () => Promise<void> }

const openIn = async (
  dir: string,
  options: JournalOptions = {},
  changed: (below: History) => History = (below) => below,
): Promise<Opened> => {
  const below = await openHistory(join(dir, 'history'))
  const { history } = await openJournaledHistory(changed(below), join(dir, 'journal'), options).catch(
    async (error: unknown) => {
      await below.close()
      throw error
    },
  )
  return { history, below, close: () => history.close().finally(below.close) }
}
/** The files as they lie there now, as a kill would leave them, under another name. */
const crashed = async (dir: string, name: string): Promise<string> => {
  const copy = join(root, name)
  await cp(dir, copy, { recursive: true, filter: (path) => !/(^|\/)(lock|lock\.mdb)$|spill-/.test(path) })
  return copy
}
const eventIdsIn = async (history: History): Promise<readonly string[]> => {
  const found: string[] = []
  for await (const batch of history.eventsKnown(Number.MAX_SAFE_INTEGER))
    found.push(...batch.map(({ value }) => value.eventId))
  return found
}

test('an append is in the journal, not yet in Parquet; whoever has to see it does, and who looks before it brings nothing over', async () => {
  const { history, below, close } = await openIn(join(root, 'd'))
  await history.appendInvestors([investorRecord('a', 4)], 'api')
  expect(await history.appendEvents([event('e1'), event('e1'), event('e2')], 'api')).toMatchObject({
    added: 2,
    duplicates: 1,
  })
  expect([await history.sequence(), await below.sequence()]).toEqual([3, 0])
  expect(await history.investorAsOf(id('a'), 4)).toBeNull()
  expect(await below.sequence()).toBe(0)
  expect((await history.investorAsOf(id('a'), 6))?.behaviour.purchased).toHaveLength(1)
  expect([await history.sequence(), await below.sequence()]).toEqual([3, 3])
  expect(await readdir(join(root, 'd', 'journal', 'log'))).toEqual([])
  expect((await history.appendEvents([event('e2'), event('e3')], 'api')).fresh).toEqual([event('e3')])
  await close()
})

test('rows are brought over in the background, by number and by time', async () => {
  const many = await openIn(join(root, 'many'), { mostRows: 10, mostMs: 1e6 })
  for (let n = 0; n < 40; n += 1) await many.history.appendEvents([event(`e${n}`)], 'api')
  while ((await many.below.sequence()) < 10) await new Promise((resolve) => setTimeout(resolve, 5))
  await many.close()
  const soon = await openIn(join(root, 'soon'), { mostMs: 20 })
  await soon.history.appendEvents([event('e1')], 'api')
  while ((await soon.below.sequence()) < 1) await new Promise((resolve) => setTimeout(resolve, 5))
  await soon.close()
})

test('a crash before, between and after the history’s manifest and the journal’s end: each row is there once', async () => {
  const dir = join(root, 'd')
  const images: string[] = []
  const watched = (below: History): History => ({
    ...below,
    begin: async (source) => {
      const batch = await below.begin(source)
      const commit = async () => {
        images.push(await crashed(dir, `before-${images.length}`))
        const committed = await batch.commit()
        images.push(await crashed(dir, `between-${images.length}`))
        return committed
      }
      return { ...batch, commit }
    },
  })
  const { history, close } = await openIn(dir, {}, watched)
  await history.appendInvestors([investorRecord('a', 4)], 'api')
  await history.appendEvents([event('e1'), event('e2')], 'import')
  await history.appendEvents([event('e3')], 'api')
  images.push(await crashed(dir, 'journal-only'))
  await history.counts()
  images.push(await crashed(dir, 'after'))
  await close()
  expect(images.length).toBe(8)
  for (const image of images) {
    const opened = await openIn(image)
    expect(await eventIdsIn(opened.history)).toEqual(['e1', 'e2', 'e3'])
    expect([await opened.history.sequence(), await opened.below.sequence()]).toEqual([4, 4])
    const again = [event('e3'), event('e1'), event('e4')]
    expect((await opened.history.appendEvents(again, 'api')).fresh).toEqual([event('e4')])
    await opened.close()
  }
})

test('a journal that does not continue the history is refused', async () => {
  const dir = join(root, 'd')
  const { history, close } = await openIn(dir)
  await history.appendEvents([event('e1')], 'api')
  await history.counts()
  await history.appendEvents([event('e2')], 'api')
  const image = await crashed(dir, 'image')
  await rm(join(image, 'history'), { recursive: true })
  await expect(openIn(image)).rejects.toThrow('restore both folders from the same backup')
  await close()
})

test('after a write that failed nothing more is taken in until it is opened again; then what the disk took counts once', async () => {
  const dir = join(root, 'd')
  let failing = false
  const datasync: typeof nodeDisk.datasync = (file) => (failing ? Promise.reject(new Error()) : nodeDisk.datasync(file))
  const { history, close } = await openIn(dir, { disk: { ...nodeDisk, datasync } })
  await history.appendEvents([event('e1')], 'api')
  failing = true
  await expect(history.appendEvents([event('e2')], 'api')).rejects.toThrow('writing failed')
  failing = false
  await expect(history.appendEvents([event('e3')], 'api')).rejects.toThrow('writing failed')
  const image = await crashed(dir, 'image')
  expect(await eventIdsIn(history)).toEqual(['e1'])
  await expect(history.appendEvents([event('e3')], 'api')).rejects.toThrow('writing failed')
  await close()
  const opened = await openIn(image)
  expect((await opened.history.appendEvents([event('e1'), event('e2'), event('e3')], 'api')).added).toBeLessThan(3)
  expect(await eventIdsIn(opened.history)).toEqual(['e1', 'e2', 'e3'])
  await opened.close()
})

test('an index of ids that is absent, behind or ahead is made right from the history', async () => {
  const dir = join(root, 'd')
  const first = await openIn(dir)
  await first.history.appendEvents([event('e1')], 'api')
  await first.close()
  await cp(join(dir, 'journal', 'event-ids'), join(root, 'behind'), { recursive: true })
  await cp(join(dir, 'history'), join(root, 'older'), { recursive: true })
  const second = await openIn(dir)
  await second.history.appendEvents([event('e2')], 'api')
  await second.close()
  const freshIn = async (): Promise<readonly EventRecord[]> => {
    const { history, close } = await openIn(dir)
    const { fresh } = await history.appendEvents([event('e1'), event('e2')], 'api')
    await close()
    return fresh
  }
  await rm(join(dir, 'journal', 'event-ids'), { recursive: true })
  expect(await freshIn()).toEqual([])
  await rm(join(dir, 'journal', 'event-ids'), { recursive: true })
  await cp(join(root, 'behind'), join(dir, 'journal', 'event-ids'), { recursive: true })
  expect(await freshIn()).toEqual([])
  await rm(join(dir, 'history'), { recursive: true })
  await cp(join(root, 'older'), join(dir, 'history'), { recursive: true })
  expect(await freshIn()).toEqual([event('e2')])
})

test('more rows than one entry holds are one append', async () => {
  const { history, close } = await openIn(join(root, 'd'))
  const profiles = Array.from({ length: 1500 }, (_, n) => investorRecord(`i${n}`, n))
  await history.appendInvestors(profiles, 'api')
  const events = Array.from({ length: 2500 }, (_, n) => event(`e${n}`, n, `i${n % 1500}`))
  expect((await history.appendEvents(events, 'api')).added).toBe(2500)
  expect(await history.counts()).toEqual({ investors: 1500, events: 2500 })
  expect(await history.sequence()).toBe(4000)
  await close()
})

const everyone = async (history: History, asOf: number | null) => {
  const found = []
  for await (const batch of history.snapshotsAsOf(asOf)) found.push(...batch)
  return found
}

const who = fc.constantFrom('a', 'b', 'c')
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ events: fc.array(fc.tuple(fc.nat(12), who, fc.nat(9)), { maxLength: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ profile: fc.tuple(who, fc.nat(9), fc.nat(60)) }) },
  { weight: 1, arbitrary: fc.record({ imported: fc.array(fc.tuple(fc.nat(12), who, fc.nat(9)), { maxLength: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ erased: who }) },
  { weight: 1, arbitrary: fc.record({ read: fc.nat(10) }) },
  { weight: 1, arbitrary: fc.record({ restart: fc.constantFrom('closed', 'killed') }) },
)

test('says what the plain history says, whatever is done, through restarts and kills', async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      run += 1
      const plain = await openHistory(join(root, `plain-${run}`))
      let dir = join(root, `journaled-${run}`)
      let opened = await openIn(dir, { mostRows: 8 })
      const recordsOf = (drawn: readonly (readonly [number, string, number])[]): readonly EventRecord[] =>
        drawn.map(([n, investorId, at]) => event(`e${n}`, at, investorId))
      for (const [n, did] of steps.entries()) {
        if ('events' in did) {
          const records = recordsOf(did.events)
          const [{ fresh }, expected] = [
            await opened.history.appendEvents(records, 'api'),
            await plain.appendEvents(records, 'api'),
          ]
          expect(fresh).toEqual(expected.fresh)
        } else if ('profile' in did) {
          const profiles = [investorRecord(...did.profile)]
          await opened.history.appendInvestors(profiles, 'api')
          await plain.appendInvestors(profiles, 'api')
        } else if ('imported' in did) {
          const committed = []
          for (const history of [opened.history, plain]) {
            const batch = await history.begin('import')
            await batch.events(recordsOf(did.imported))
            committed.push(await batch.commit())
          }
          expect(committed[0]).toEqual(committed[1])
        } else if ('erased' in did) {
          for (const history of [opened.history, plain]) await history.eraseInvestor(id(did.erased))
        } else if ('read' in did) {
          expect(await everyone(opened.history, did.read)).toEqual(await everyone(plain, did.read))
        } else {
          const next = did.restart === 'killed' ? await crashed(dir, `${run}-${n}`) : dir
          await opened.close()
          dir = next
          opened = await openIn(dir, { mostRows: 8 })
        }
      }
      expect(await everyone(opened.history, null)).toEqual(await everyone(plain, null))
      expect(await eventIdsIn(opened.history)).toEqual(await eventIdsIn(plain))
      await opened.close()
      await plain.close()
    }),
    { numRuns: 15 },
  )
}, 120_000)
