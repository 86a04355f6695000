import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openHistory } from '../features/history/history.js'
import { type History } from '../features/history/port.js'
import { Event } from '../features/schema/event.js'
import { type InvestorId } from '../features/schema/ids.js'
import { Investor } from '../features/schema/investor.js'
import { type EventRecord } from '../features/schema/records.js'
import { lmdbStore } from '../features/store/lmdb.js'
import { type InvestorStore } from '../features/store/port.js'
import { openInvestors } from '../serving/investors.js'
import { openJournaledHistory } from '../serving/journaledHistory.js'
import { refill } from '../serving/storeFollower.js'
import { report, rounded } from './suite.js'

const investorCount = 20_000
const start = Date.UTC(2026, 0, 1)
const writerCounts = [1, 16, 64]
const batchSizes = [1, 10, 100]
/** How long each way is given, and at most how many events. */
const secondsEach = 4
const mostEvents = 100_000

/** One way to take events in: resolves when they are acknowledged. */
type Way = (events: readonly EventRecord[]) => Promise<unknown>
type Measured = { readonly perSecond: number; readonly p50Ms: number; readonly p99Ms: number }

const investorOf = (number: number): InvestorId => `i${(number * 7919) % investorCount}` as InvestorId
const eventOf = (number: number): EventRecord => ({
  knownAt: start + number,
  value: Event.parse({
    type: number % 5 === 0 ? 'purchase' : 'view',
    eventId: `e${number}`,
    investorId: investorOf(number),
    productId: `p${number % 4200}`,
    occurredAt: new Date(start + number).toISOString(),
    ...(number % 5 === 0 ? { amount: { minor: 100_000, currency: 'CNY' } } : {}),
  }),
})
const eventsFrom = (first: number, count: number): readonly EventRecord[] =>
  Array.from({ length: count }, (_, n) => eventOf(first + n))

async function fill(history: History, events: number): Promise<void> {
  const batch = await history.begin('simulated')
  await batch.investors(
    Array.from({ length: investorCount }, (_, n) => ({
      knownAt: start - 1,
      value: Investor.parse({
        id: `i${n}`,
        riskAssessment: null,
        consents: { profiling: true, personalisation: true },
      }),
    })),
  )
  for (let at = 0; at < events; at += 50_000) await batch.events(eventsFrom(at, Math.min(50_000, events - at)))
  await batch.commit()
}

/** One write and one fdatasync of the same bytes for all that wait. */
async function plain(dir: string): Promise<{ readonly take: Way; readonly close: () => Promise<void> }> {
  const file = await open(join(dir, 'plain'), 'w')
  let offset = 0
  let waiting: { bytes: string; done: () => void; failed: (error: unknown) => void }[] = []
  let writing = false
  const write = async (): Promise<void> => {
    writing = true
    await Promise.resolve()
    while (waiting.length > 0) {
      const taken = waiting
      waiting = []
      const bytes = Buffer.from(taken.map((each) => each.bytes).join(''))
      try {
        await file.write(bytes, 0, bytes.length, offset)
        offset += bytes.length
        await file.datasync()
        for (const { done } of taken) done()
      } catch (error) {
        for (const { failed } of taken) failed(error)
      }
    }
    writing = false
  }
  return {
    take: (events) =>
      new Promise<void>((done, failed) => {
        waiting.push({ bytes: JSON.stringify(events), done, failed })
        if (!writing) void write()
      }),
    close: () => file.close(),
  }
}

/** As Investors takes them; the event's product must be seen in the store when it is acknowledged. */
const taken =
  (history: History, store: InvestorStore): Way =>
  async (events) => {
    const last = events.at(-1)?.value
    const { accepted } = await investorsOver(history, store).addEvents(events)
    const found = last === undefined ? null : await store.get(last.investorId)
    const all = [...(found?.behaviour.viewed ?? []), ...(found?.behaviour.purchased ?? [])]
    if (accepted !== events.length || !all.some(({ productId }) => productId === last?.productId))
      throw new Error('an acknowledged event is not in the store')
  }
const known = new WeakMap<History, ReturnType<typeof openInvestors>>()
const investorsOver = (history: History, store: InvestorStore): ReturnType<typeof openInvestors> => {
  const investors = known.get(history) ?? openInvestors(history, store)
  known.set(history, investors)
  return investors
}

async function measure(way: Way, writers: number, batch: number, numbers: { next: number }): Promise<Measured> {
  const waits: number[] = []
  const from = performance.now()
  let count = 0
  const write = async (): Promise<void> => {
    while (performance.now() - from < secondsEach * 1000 && count < mostEvents) {
      const events = eventsFrom(numbers.next, batch)
      numbers.next += batch
      const began = performance.now()
      await way(events)
      waits.push(performance.now() - began)
      count += batch
    }
  }
  await Promise.all(Array.from({ length: writers }, write))
  const seconds = (performance.now() - from) / 1000
  waits.sort((a, b) => a - b)
  const at = (share: number): number => rounded(waits[Math.floor(waits.length * share)] ?? NaN)
  return { perSecond: Math.round(count / seconds), p50Ms: at(0.5), p99Ms: at(0.99) }
}

/** Events per second over a long history, and how soon each is seen: acknowledged means seen in the store. */
export async function events(inHistory: number): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'aptus-events-'))
  try {
    const below = await openHistory(join(dir, 'history'))
    await fill(below, inHistory)
    const store = await lmdbStore(join(dir, 'online'))
    await refill(below, store)
    const indexing = performance.now()
    const { history } = await openJournaledHistory(below, join(dir, 'journal'))
    const indexSeconds = (performance.now() - indexing) / 1000
    const { take, close } = await plain(dir)
    const numbers = { next: inHistory }
    const rows: object[] = []
    for (const writers of writerCounts)
      for (const batch of batchSizes) {
        const base = await measure(take, writers, batch, numbers)
        const row = (way: string, measured: Measured): object => ({
          writers,
          batch,
          way,
          'events/s': measured.perSecond,
          'p50 ms until seen': measured.p50Ms,
          'p99 ms until seen': measured.p99Ms,
          'events/s, ratio': rounded(measured.perSecond / base.perSecond, 3),
        })
        rows.push(row('plain write + fdatasync of what waits', base))
        rows.push(row('journal, index of ids, store', await measure(taken(history, store), writers, batch, numbers)))
        await history.counts()
        rows.push(row('a Parquet file a group, as before', await measure(taken(below, store), writers, batch, numbers)))
        await history.begin('none').then((none) => none.commit())
      }
    await close()
    await history.close()
    await store.close()
    await below.close()
    report('events', {
      question: `How many events are taken in, and how soon are they seen, over a history of ${inHistory} events?`,
      baseline: 'one write and one fdatasync of the same JSON for all that waits, in the same run',
      n: `${secondsEach} s or ${mostEvents} events of ${investorCount} investors a row, in process`,
      rows,
      remarks: [
        'seen: the call returned and store.get gave the event; the plain baseline folds nothing',
        `the index of event ids was made from the history in ${rounded(indexSeconds, 1)} s`,
      ],
    })
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
