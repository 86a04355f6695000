import { join } from 'node:path'
import { type History } from '../features/history/port.js'
import { type EventId } from '../features/schema/ids.js'
import { type EventRecord, type InvestorRecord } from '../features/schema/records.js'
import { type Instant } from '../features/schema/time.js'
import { openEventIds } from '../features/stream/eventIds.js'
import { bySource, endOf, entriesOf, type JournalEntry, rowsIn } from '../features/stream/entries.js'
import { openJournal } from '../features/stream/journal.js'
import { oneByOne } from '../storage/oneByOne.js'
import { type SegmentDisk } from '../storage/segmentDisk.js'
import { DataError } from './dataError.js'
import { readsAfter } from './historyReads.js'

export type JournalOptions = {
  /** Rows that wait in the journal before they are brought into the history: 20,000. At five times as many, appends wait. */
  readonly mostRows?: number
  /** How long one waits there at most: 30 s. */
  readonly mostMs?: number
  readonly disk?: SegmentDisk
}

export type JournaledHistory = {
  /** As the history below, of which it is the only writer; its `close` leaves that open. */
  readonly history: History
  /** What opening cut off the journal's torn end, in words; null where nothing was. */
  readonly cut: string | null
}

/** Event ids that a rebuilding of their index writes at once. */
const idsAtOnce = 50_000

/** Brings entries into the history, each source's neighbours at once. Rejects where they do not continue it. */
const commit = async (history: History, entries: readonly JournalEntry[]): Promise<void> => {
  let next = await history.sequence()
  for (const entry of entries) {
    if (entry.sequence !== next)
      throw new DataError('the journal does not continue the history: restore both folders from the same backup')
    next = endOf(entry)
  }
  for (const group of bySource(entries)) {
    const batch = await history.begin(group[0]?.source ?? '')
    try {
      await batch.investors(group.flatMap(({ profiles }) => profiles))
      await batch.events(group.flatMap(({ events }) => events))
    } catch (error) {
      await batch.abort()
      throw error
    }
    await batch.commit()
  }
}

/**
 * A history that acknowledges a row when its journal holds it, durably, and makes one Parquet file of many: by number,
 * by time, and before they are read. Rows keep their numbers on the way, and the history's manifest says up to which
 * it holds them, so a crash between manifest and journal doubles none. `dir` holds journal and index of event ids.
 * Rejects with DataError where the journal does not continue the history. After a failed write every append rejects
 * until it is opened again.
 */
export async function openJournaledHistory(
  below: History,
  dir: string,
  { mostRows = 20_000, mostMs = 30_000, ...options }: JournalOptions = {},
): Promise<JournaledHistory> {
  const journal = await openJournal(join(dir, 'log'), options)
  const ids = await openEventIds(join(dir, 'event-ids'))
  // Whoever needs both takes `bringing` first.
  const [bringing, appending] = [oneByOne(), oneByOne()]
  let next = await below.sequence()
  let waiting = journal.found.filter((entry) => endOf(entry) > next)
  let rows = rowsIn(waiting)
  let timer: NodeJS.Timeout | null = null
  let inBackground = false
  let refusal: Error | null = null

  const cut = async () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    return { entries: [...waiting], drop: await journal.seal() }
  }
  const bring = async ({ entries, drop }: Awaited<ReturnType<typeof cut>>): Promise<void> => {
    try {
      await commit(below, entries)
    } finally {
      const held = await below.sequence()
      waiting = waiting.filter((entry) => endOf(entry) > held)
      rows = rowsIn(waiting)
    }
    await drop()
  }
  const flush = (): Promise<void> =>
    bringing(async () => {
      if (waiting.length > 0) await bring(await appending(cut))
    })
  /** Nothing waits in the journal while the work runs, and nothing is appended. */
  const settled = <T>(work: () => Promise<T>): Promise<T> =>
    bringing(() =>
      appending(async () => {
        await bring(await cut())
        return work()
      }),
    )

  const later = (): void => {
    timer ??= setTimeout(() => {
      timer = null
      now()
    }, mostMs).unref()
  }
  const now = (): void => {
    if (inBackground) return
    inBackground = true
    // A failure is tried again; who reads meanwhile, closes, or finds too many rows waiting is told of it.
    flush().then(
      () => (inBackground = false),
      () => {
        inBackground = false
        later()
      },
    )
  }

  /** The index, and our count, after rows that came past the journal. */
  const catchUp = async (): Promise<void> => {
    next = await below.sequence()
    if (ids.upTo() > next) await ids.clear()
    if (ids.upTo() < next) {
      let some: EventId[] = []
      for await (const batch of below.eventIdsSince(ids.upTo())) {
        some.push(...batch)
        if (some.length < idsAtOnce) continue
        await ids.load(some)
        some = []
      }
      await ids.load(some)
    }
    ids.add([], next)
  }

  const freshOf = (events: readonly EventRecord[]): readonly EventRecord[] => {
    const seen = new Set<EventId>()
    return events.filter(({ value: { eventId } }) => !seen.has(eventId) && seen.add(eventId) && !ids.has(eventId))
  }

  const append = async (
    profiles: readonly InvestorRecord[],
    events: readonly EventRecord[],
    source: string,
  ): Promise<readonly EventRecord[]> => {
    if (rows >= 5 * mostRows) await flush()
    return appending(async () => {
      if (refusal !== null) throw refusal
      const fresh = freshOf(events)
      const entries = entriesOf(next, source, profiles, fresh)
      await Promise.all(entries.map(journal.append)).catch((error: Error) => {
        refusal = error
        throw error
      })
      next += rowsIn(entries)
      rows += rowsIn(entries)
      waiting.push(...entries)
      ids.add(
        fresh.map(({ value }) => value.eventId),
        next,
      )
      if (rows >= mostRows) now()
      else later()
      return fresh
    })
  }

  /** Brings over what a reader of facts known before `asOf` (null: of all) has to see. */
  const reading = async (asOf: Instant | null): Promise<void> => {
    const isRead = ({ knownAt }: { readonly knownAt: Instant }): boolean => asOf === null || knownAt < asOf
    if (waiting.some(({ profiles, events }) => profiles.some(isRead) || events.some(isRead))) await flush()
  }

  const closeBoth = async (): Promise<void> => {
    await journal.close()
    await ids.close()
  }
  await settled(catchUp).catch(async (error: unknown) => {
    await closeBoth()
    throw error
  })
  return {
    cut: journal.cut,
    history: {
      appendInvestors: async (records, source) => void (await append(records, [], source)),
      appendEvents: async (records, source) => {
        const fresh = await append([], records, source)
        return { added: fresh.length, duplicates: records.length - fresh.length, fresh }
      },
      begin: async (source) => {
        const batch = await below.begin(source)
        const commitAll = async () => {
          const committed = await batch.commit()
          await catchUp()
          return committed
        }
        return { ...batch, commit: () => settled(commitAll) }
      },
      ...readsAfter(below, reading),
      sequence: () => Promise.resolve(next),
      eraseInvestor: (id) =>
        settled(async () => {
          await ids.remove(await below.eventIdsOf(id))
          await below.eraseInvestor(id)
        }),
      close: async () => {
        try {
          await settled(() => Promise.resolve())
        } finally {
          await closeBoth()
        }
      },
    },
  }
}
