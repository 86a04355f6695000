import { type NewestKnown } from '../../features/history/newestKnown.js'
import { type History } from '../../features/history/port.js'
import { type Instant } from '../../features/schema/time.js'

export type FollowedHistory = {
  /** As the one given, of which it is the only writer. */
  readonly history: History
  /** The newest fact of each kind and source. The history is asked once, and what is written afterwards is followed. */
  readonly newest: () => Promise<readonly NewestKnown[]>
}

/** Follows what is written to a history, so that how fresh it is can be told often without reading all of it. */
export function followNewest(below: History): FollowedHistory {
  let known: Map<string, NewestKnown> | null = null

  const keyOf = ({ kind, source }: Omit<NewestKnown, 'knownAt'>): string => `${kind} ${source}`
  const noted = (
    kind: NewestKnown['kind'],
    source: string,
    records: readonly { readonly knownAt: Instant }[],
  ): void => {
    if (known === null || records.length === 0) return
    const key = keyOf({ kind, source })
    const before = known.get(key)?.knownAt ?? -Infinity
    known.set(key, { kind, source, knownAt: records.reduce((most, record) => Math.max(most, record.knownAt), before) })
  }
  return {
    history: {
      ...below,
      appendInvestors: async (records, source) => {
        await below.appendInvestors(records, source)
        noted('investors', source, records)
      },
      appendEvents: async (records, source) => {
        const appended = await below.appendEvents(records, source)
        noted('events', source, appended.fresh)
        return appended
      },
      begin: async (source) => {
        const batch = await below.begin(source)
        const commit = async () => {
          const committed = await batch.commit()
          known = null
          return committed
        }
        return { ...batch, commit }
      },
    },
    newest: async () => {
      if (known === null) {
        const found = new Map<string, NewestKnown>()
        for (const each of await below.newestKnown()) found.set(keyOf(each), each)
        known = found
      }
      return [...known.values()]
    },
  }
}
