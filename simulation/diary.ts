import { type Event } from '../features/schema/event.js'
import { type DecisionId, type EventId } from '../features/schema/ids.js'
import { type EventRecord, type InvestorRecord } from '../features/schema/records.js'
import { type Instant } from '../features/schema/time.js'
import { batchSize, type Sink } from '../features/ingest/sink.js'

// Omit does not spread over a union by itself.
type Unnumbered<T> = T extends Event ? Omit<T, 'eventId'> : never
/** An event that has no id yet: ids follow the order of time. */
export type Draft = Unnumbered<Event>

/** What a day brought, in any order; `close` numbers it by time and hands it over. */
export type Diary = {
  readonly add: (draft: Draft) => void
  readonly profile: (record: InvestorRecord) => void
  readonly nextDecision: () => DecisionId
  readonly close: () => Promise<void>
  /** Hands over what is left of the last batch. */
  readonly end: () => Promise<void>
  readonly counts: () => { readonly events: number; readonly profiles: number; readonly byType: Record<string, number> }
}

type Entry = { readonly draft: Draft; readonly order: number }

const instantOf = ({ draft }: Entry): Instant => draft.occurredAt

/** Days are closed in ascending order, so that investors and events are handed over in the order of `knownAt`. */
export function openDiary(sink: Sink): Diary {
  let entries: Entry[] = []
  let profiles: InvestorRecord[] = []
  const events: EventRecord[] = []
  let decisions = 0
  const count = { events: 0, profiles: 0 }
  const byType: Record<string, number> = {}

  const number = ({ draft }: Entry): void => {
    count.events += 1
    byType[draft.type] = (byType[draft.type] ?? 0) + 1
    const eventId = `sim-e${String(count.events).padStart(8, '0')}` as EventId
    events.push({ knownAt: draft.occurredAt, value: { eventId, ...draft } })
  }
  const hand = async (least: number): Promise<void> => {
    while (events.length > 0 && events.length >= least) await sink.events(events.splice(0, batchSize))
  }
  return {
    add: (draft) => void entries.push({ draft, order: entries.length }),
    profile: (record) => void profiles.push(record),
    nextDecision: () => `sim-d${String((decisions += 1)).padStart(7, '0')}` as DecisionId,
    close: async () => {
      profiles.sort((a, b) => a.knownAt - b.knownAt)
      count.profiles += profiles.length
      for (let i = 0; i < profiles.length; i += batchSize) await sink.investors(profiles.slice(i, i + batchSize))
      entries.sort((a, b) => instantOf(a) - instantOf(b) || a.order - b.order).forEach(number)
      entries = []
      profiles = []
      await hand(batchSize)
    },
    end: () => hand(0),
    counts: () => ({ ...count, byType: { ...byType } }),
  }
}
