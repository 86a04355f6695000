import { randomUUID } from 'node:crypto'
import { type InvestorId } from '../features/schema/ids.js'
import { type EventRecord } from '../features/schema/records.js'
import { decodeState, encodeState } from '../features/store/codec.js'
import { type InvestorStore, StoreUnreachable } from '../features/store/port.js'
import { redisStateKey } from '../features/store/redis.js'
import { withoutVector } from '../features/store/redisVectors.js'
import { emptyState, eventChanges, stateOf } from '../features/store/state.js'
import { type EventStream, openEventStream } from '../features/stream/redisStream.js'
import { RedisError } from '../storage/redis.js'

/** An investor's state in Redis after some events more; a vector that stood before it goes. */
export function foldInStore(state: Uint8Array | null, id: InvestorId, events: readonly EventRecord[]): Uint8Array {
  const before = state === null ? emptyState : decodeState(withoutVector(state), id)
  const change = eventChanges(events).get(id)
  return encodeState(change === undefined ? before : change(before))
}

/** The stream of events of the online store in a Redis: for the server that publishes, and for workers. */
export const openStoreEvents = (url: string, deadlineMs?: number): Promise<EventStream> =>
  openEventStream({
    url,
    stateKey: redisStateKey(),
    fold: foldInStore,
    ...(deadlineMs !== undefined && { deadlineMs }),
  })

/** A Redis that does not answer is the port's `StoreUnreachable`. */
const reached = async <T>(call: Promise<T>): Promise<T> => {
  try {
    return await call
  } catch (error) {
    throw error instanceof RedisError ? new StoreUnreachable(error.message, { cause: error }) : error
  }
}

/**
 * The store of a server whose events are folded by workers: `addEvents` publishes them, and they are seen once a worker
 * has folded them. What replaces a state stands over a floor in the stream, so that nothing which it holds is folded
 * once more. What could not be published is never published again: the server reads that person from the history, as
 * after any write that failed (storeFollower.ts), which replaces him.
 */
export function streamedStore(store: InvestorStore, stream: EventStream): InvestorStore {
  const producer = randomUUID()
  let published = 0
  return {
    ...store,
    addEvents: async (events, takenIn) => {
      const numbered = events.map((record) => ({ sequence: published++, record }))
      await reached(stream.publish(producer, numbered))
      if (takenIn !== undefined) await store.noteTakenIn(takenIn)
    },
    putAccounts: (accounts) =>
      reached(
        stream.replace(
          new Map(accounts.map((account) => [account.profile.id, encodeState(stateOf(account))] as const)),
        ),
      ),
    delete: async (id) => {
      const wasThere = await store.delete(id)
      await reached(stream.forget(id))
      return wasThere
    },
    close: async () => {
      await stream.close()
      await store.close()
    },
  }
}
