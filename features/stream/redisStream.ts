import { createHash } from 'node:crypto'
import { openRedisStreams, type RedisStreams, type StateKeys, type StreamEntry } from '../../storage/redisStreams.js'
import { type InvestorId } from '../schema/ids.js'
import { type EventRecord } from '../schema/records.js'

/** An event with its number in the history of the server that accepted it. */
export type NumberedEvent = { readonly sequence: number; readonly record: EventRecord }

/** An investor's stored state after some events more; null: nothing is stored of him. Pure: it may be done again. */
export type Fold = (state: Uint8Array | null, id: InvestorId, events: readonly EventRecord[]) => Uint8Array

export type EventStreamOptions = {
  readonly url: string
  readonly prefix?: string
  /** Where an investor's state is kept; the braces of its hash tag hold his id alone. */
  readonly stateKey: (id: InvestorId) => string
  readonly fold: Fold
  /** Streams over which investors are spread: every program of an installation must say the same. */
  readonly shards?: number
  /** For a command to Redis. */
  readonly deadlineMs?: number
}

/**
 * Events on their way to the online store, through Redis Streams: any number of servers publish, any number of workers
 * fold. Each event is folded once: a server's numbers keep it from being added twice, and with an investor's state it
 * is noted, in the same swap, which entries that state holds. A state that comes from the history, since something was
 * taken back or lost, stands over a floor: the place in the stream up to which it holds everything. Redis is not the only
 * record: a server publishes what is durable in its history, again from an earlier number on where it does not know how
 * far it came.
 */
export type EventStream = {
  /** `producer`: the server; its events in the order of their numbers. */
  readonly publish: (producer: string, events: readonly NumberedEvent[]) => Promise<void>
  /** Folds what is there, once round all shards; resolves to how many entries. `worker`: its name, of no other. */
  readonly work: (worker: string) => Promise<number>
  /** Folds what other workers took longer ago than that and did not finish. */
  readonly takeOver: (worker: string, idleMs: number) => Promise<number>
  /** Deletes what every worker is done with; resolves to how many entries. */
  readonly trim: () => Promise<number>
  /**
   * Writes states that hold all that was published of these investors: what is still on its way of it is not folded.
   * Publish nothing of theirs meanwhile.
   */
  readonly replace: (states: ReadonlyMap<InvestorId, Uint8Array>) => Promise<void>
  /** Takes an investor out of stream and store. Where he was is left for an hour, for workers that have him in hand. */
  readonly forget: (id: InvestorId) => Promise<void>
  readonly close: () => Promise<void>
}

const group = 'fold'
const takenAtOnce = 500
/** How long a floor stands: until then an entry that was given out has to be acknowledged. */
const floorMs = 7 * 24 * 3_600_000
const forgottenMs = 3_600_000
/** States written at once. */
const replacedAtOnce = 500
/** Another writer in between costs a swap its turn; as many in a row mean that something is wrong. */
const attempts = 50

const byInvestor = (entries: readonly StreamEntry[]): ReadonlyMap<InvestorId, readonly StreamEntry[]> => {
  const groups = new Map<InvestorId, StreamEntry[]>()
  for (const entry of entries) {
    const of = groups.get(entry.key as InvestorId)
    if (of === undefined) groups.set(entry.key as InvestorId, [entry])
    else of.push(entry)
  }
  return groups
}

const over = (
  streams: RedisStreams,
  { prefix = 'aptus:', shards = 64, stateKey, fold }: EventStreamOptions,
): EventStream => {
  const streamOf = (shard: number): string => `${prefix}events:{${shard}}`
  const shardOf = (id: InvestorId): number => createHash('sha256').update(id).digest().readUInt32BE(0) % shards
  const keysOf = (id: InvestorId): StateKeys => ({
    key: stateKey(id),
    appliedKey: `${prefix}{${id}}:applied`,
    floorKey: `${prefix}{${id}}:floor`,
  })
  const all = Array.from({ length: shards }, (_, shard) => streamOf(shard))
  const joined = new Set<string>()

  const join = async (stream: string): Promise<void> => {
    if (!joined.has(stream)) await streams.join(stream, group)
    joined.add(stream)
  }

  const foldOne = async (id: InvestorId, entries: readonly StreamEntry[], settled: string): Promise<void> => {
    const keys = keysOf(id)
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const ids = entries.map((entry) => entry.id)
      const was = await streams.look(keys, ids)
      const open = entries.filter((entry) => !was.applied.has(entry.id))
      if (open.length === 0) return
      // Events were checked by the schema before a server accepted them.
      const events = open.map((entry) => JSON.parse(entry.value) as EventRecord)
      const change = { was, next: fold(was.value, id, events) }
      const openIds = open.map((entry) => entry.id)
      if (await streams.apply(keys, change, openIds, settled)) return
    }
    throw new Error(`event stream: one investor was written by others ${attempts} times in a row; try again later`)
  }

  const foldAll = async (stream: string, entries: readonly StreamEntry[]): Promise<number> => {
    if (entries.length === 0) return 0
    const settled = await streams.unsettledFrom(stream, group)
    await Promise.all([...byInvestor(entries)].map(([id, of]) => foldOne(id, of, settled)))
    await streams.acknowledge(
      stream,
      group,
      entries.map(({ id }) => id),
    )
    return entries.length
  }

  const roundAll = async (from: (stream: string) => Promise<readonly StreamEntry[]>): Promise<number> => {
    let folded = 0
    for (const stream of all) {
      await join(stream)
      folded += await foldAll(stream, await from(stream))
    }
    return folded
  }

  return {
    publish: async (producer, events) => {
      const byShard = new Map<number, { number: number; key: string; value: string }[]>()
      for (const { sequence, record } of events) {
        const shard = shardOf(record.value.investorId)
        const value = { number: sequence, key: record.value.investorId, value: JSON.stringify(record) }
        const of = byShard.get(shard)
        if (of === undefined) byShard.set(shard, [value])
        else of.push(value)
      }
      await Promise.all([...byShard].map(([shard, values]) => streams.add(streamOf(shard), producer, values)))
    },
    work: (worker) => roundAll((stream) => streams.take(stream, group, worker, takenAtOnce)),
    takeOver: (worker, idleMs) => roundAll((stream) => streams.claim(stream, group, worker, idleMs, takenAtOnce)),
    trim: async () => {
      let trimmed = 0
      for (const stream of all) {
        await join(stream)
        trimmed += await streams.trim(stream, await streams.unsettledFrom(stream, group))
      }
      return trimmed
    },
    replace: async (states) => {
      const shards = [...new Set([...states.keys()].map(shardOf))]
      const marks = await Promise.all(shards.map((shard) => streams.floorOf(streamOf(shard))))
      const floors = new Map(shards.map((shard, n) => [shard, marks[n] ?? '']))
      const all = [...states]
      for (let at = 0; at < all.length; at += replacedAtOnce)
        await Promise.all(
          all
            .slice(at, at + replacedAtOnce)
            .map(([id, state]) => streams.replace(keysOf(id), state, floors.get(shardOf(id)) ?? '', floorMs)),
        )
    },
    forget: async (id) => {
      const stream = streamOf(shardOf(id))
      await streams.replace(keysOf(id), null, await streams.floorOf(stream), forgottenMs)
      await streams.remove(stream, id)
    },
    close: () => streams.close(),
  }
}

/** Opens it over a server or cluster (storage/redisAddress.ts). Calls reject with `RedisError` while none answers. */
export const openEventStream = async (options: EventStreamOptions): Promise<EventStream> =>
  over(await openRedisStreams(options.url, options.deadlineMs), options)
