import { Cluster, type Redis as Server } from 'ioredis'
import { type BreakerLimits } from './breaker.js'
import { BreakerOpen, DeadlinePassed, type Failure, guard, type Guarded } from './guard.js'
import { readRedisAddress, wordsOfAddress } from './redisAddress.js'
import { connectRedis, type Shards, shardsOf } from './redisClient.js'

/**
 * Keys and bytes in a Redis server or cluster. Each call has a deadline and rejects with `RedisError` where the server
 * that holds the key does not answer. A write that ran out of time may still be done, but before any later write of the
 * same key through this object.
 */
export type Redis = {
  readonly get: (key: string) => Promise<Uint8Array | null>
  /** In the order of the keys; one round trip to each server. */
  readonly getMany: (keys: readonly string[]) => Promise<readonly (Uint8Array | null)[]>
  readonly set: (key: string, value: Uint8Array, ttlMs?: number) => Promise<void>
  /** Writes `next` only where the key still holds `was` (null: is absent); false: somebody else wrote meanwhile. */
  readonly swap: (key: string, was: Uint8Array | null, next: Uint8Array, ttlMs?: number) => Promise<boolean>
  readonly remove: (key: string) => Promise<boolean>
  /** All keys that begin with a prefix, in batches, in no order; a key may come twice. */
  readonly keys: (prefix: string) => AsyncIterable<readonly string[]>
  /** Tells whoever listens now, on whichever server; nobody hears it later. */
  readonly publish: (channel: string, message: string) => Promise<void>
  /** Hears what is published until it is closed, but for what is said while the connection is broken. */
  readonly subscribe: (channel: string, heard: (message: string) => void) => Promise<void>
  readonly shards: Pick<Shards, 'tenureOf' | 'tags' | 'tagOf'>
  readonly close: () => Promise<void>
}

export type RedisLimits = BreakerLimits & {
  /** For a read, with all its attempts. */
  readonly readMs: number
  readonly writeMs: number
}

export const redisLimits: RedisLimits = Object.freeze({
  readMs: 250,
  writeMs: 2_000,
  failuresToOpen: 5,
  openMs: 1_000,
})

/** The server is out of reach, or refused a command. */
export class RedisError extends Error {
  readonly code = 'redis-unreachable'
  constructor(message: string, options: ErrorOptions) {
    super(message, options)
    this.name = 'RedisError'
  }
}

const swapScript = `
local now = redis.call('GET', KEYS[1])
if now == false then now = '' end
if now ~= ARGV[1] then return 0 end
if ARGV[3] == '0' then redis.call('SET', KEYS[1], ARGV[2]) else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return 1`

/** Keys of one pipeline: enough to hide the round trip, few enough to hold nobody up. */
const pipelined = 500

const absent = Buffer.alloc(0)
const buffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
const escapeGlob = (text: string): string => text.replace(/[*?[\]\\]/g, '\\$&')
const noop = (): void => undefined

/** A server that starts, is demoted, or whose cluster has a hole: it did nothing. */
const passing = /^(LOADING|READONLY|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|MOVED|ASK)\b/

/** No connection is ready, or time is up: nothing was sent. */
class Unsent extends Error {}

const failureOf = (cause: unknown): Failure => {
  const { name, message } = cause as Error
  if (cause instanceof Unsent) return 'unsent'
  if (name !== 'ReplyError') return 'silent'
  return passing.test(message) ? 'unsent' : 'answered'
}

const errorAt = (at: string, cause: unknown): RedisError => {
  const { code, name, message } = cause as NodeJS.ErrnoException
  if (cause instanceof BreakerOpen)
    return new RedisError(`redis at ${at} is left alone for a moment: ${message}`, { cause })
  if (cause instanceof DeadlinePassed)
    return new RedisError(`redis at ${at} does not answer (${message}): look into that server and its load`, { cause })
  const text =
    name === 'ReplyError'
      ? `redis at ${at} refused a command (${message}): look into that server's memory, rights and state`
      : `redis at ${at} does not answer (${code ?? message}): start the server, or correct the address it is given by`
  return new RedisError(text, { cause })
}

/** Writes of one key go one after the other, those included that nobody waits for any more. */
const inTurn = () => {
  const last = new Map<string, Promise<void>>()
  return <T>(key: string, write: () => Promise<T>): Promise<T> => {
    const done = (last.get(key) ?? Promise.resolve()).then(write)
    const settled = done.then(noop, noop)
    last.set(key, settled)
    void settled.then(() => last.get(key) === settled && last.delete(key))
    return done
  }
}

/** Calls under deadline and breaker, their errors in words. A breaker a server: where one is down, the others go on. */
const callsOver = (words: string, shards: Shards, limits: RedisLimits) => {
  const guards = new Map<string, ReturnType<typeof guard>>()
  const guardOf = (server: string): ReturnType<typeof guard> => {
    const known = guards.get(server) ?? guard(limits, failureOf)
    guards.set(server, known)
    return known
  }
  return async <T>(where: () => string, how: Guarded, attempt: (connection: Server) => Promise<T>): Promise<T> => {
    const server = where()
    try {
      return await guardOf(server)(() => {
        // Asked anew each time: the key may have moved to another server.
        const connection = shards.connectionTo(where())
        return connection === null ? Promise.reject(new Unsent('not connected')) : attempt(connection)
      }, how)
    } catch (cause) {
      throw errorAt(server === '' ? words : server, cause)
    }
  }
}

const grouped = (keys: readonly string[], serverOf: (key: string) => string): string[][] => {
  const groups = new Map<string, string[]>()
  for (const key of keys) {
    const group = groups.get(serverOf(key))
    if (group === undefined) groups.set(serverOf(key), [key])
    else group.push(key)
  }
  const parts = (group: string[]): string[][] =>
    Array.from({ length: Math.ceil(group.length / pipelined) }, (_, n) =>
      group.slice(n * pipelined, (n + 1) * pipelined),
    )
  return [...groups.values()].flatMap(parts)
}

/**
 * Opens a connection to `redis://…` or to a cluster (storage/redisAddress.ts); rejects within about two seconds where
 * nothing answers.
 */
export const openRedis = async (url: string, given: Partial<RedisLimits> = {}): Promise<Redis> => {
  const limits = { ...redisLimits, ...given }
  const address = readRedisAddress(url)
  if (address === null) throw new RedisError('redis: no address of a server or a cluster', { cause: null })
  const words = wordsOfAddress(address)
  const client = await connectRedis(address).catch((cause: unknown) => {
    throw errorAt(words, cause)
  })
  const shards = shardsOf(client)
  const call = callsOver(words, shards, limits)
  const reading: Guarded = { deadlineMs: limits.readMs, repeatable: true }
  const writing: Guarded = { deadlineMs: limits.writeMs, repeatable: false }
  const slowRead: Guarded = { deadlineMs: limits.writeMs, repeatable: true }
  const turn = inTurn()
  const at = (key: string) => (): string => shards.serverOf(key)
  const write = <T>(key: string, send: () => Promise<T>): Promise<T> => {
    const end = performance.now() + limits.writeMs
    const inTime = (): Promise<T> => (performance.now() < end ? send() : Promise.reject(new Unsent('too late')))
    return call(at(key), writing, () => turn(key, inTime))
  }

  const get = (key: string): Promise<Uint8Array | null> => call(at(key), reading, () => client.getBuffer(key))

  const getGroup = async (keys: readonly string[]): Promise<(readonly [string, Uint8Array | null])[]> => {
    const [first] = keys
    if (first === undefined) return []
    const results = await call(at(first), reading, () =>
      keys.reduce((all, key) => all.getBuffer(key), client.pipeline()).exec(),
    )
    // Where slots move meanwhile, some of a pipeline are refused: one by one they are redirected.
    return Promise.all(
      keys.map(async (key, n) => {
        const [error, value] = results?.[n] ?? [true, null]
        return [key, error ? await get(key) : (value as Buffer | null)] as const
      }),
    )
  }

  const getMany = async (keys: readonly string[]): Promise<readonly (Uint8Array | null)[]> => {
    const found = new Map((await Promise.all(grouped(keys, shards.serverOf).map(getGroup))).flat())
    return keys.map((key) => found.get(key) ?? null)
  }

  const scan = async function* (server: string, prefix: string): AsyncIterable<readonly string[]> {
    let cursor = '0'
    do {
      const [next, found] = await call(
        () => server,
        slowRead,
        (connection) => connection.scan(cursor, 'MATCH', `${escapeGlob(prefix)}*`, 'COUNT', 1_000),
      )
      cursor = next
      yield found
    } while (cursor !== '0')
  }

  let listener: Server | null = null
  const subscribe = async (channel: string, heard: (message: string) => void): Promise<void> => {
    listener = client instanceof Cluster ? null : client.duplicate()
    if (listener !== null) {
      listener.on('error', noop)
      await listener.connect()
    }
    const speaker = listener ?? client
    speaker.on('message', (from: string, message: string) => from === channel && heard(message))
    await speaker.subscribe(channel)
  }

  return {
    get,
    getMany,
    set: async (key, value, ttlMs) => {
      await write(key, () =>
        ttlMs === undefined ? client.set(key, buffer(value)) : client.set(key, buffer(value), 'PX', ttlMs),
      )
    },
    swap: async (key, was, next, ttlMs = 0) =>
      (await write(key, () =>
        client.eval(swapScript, 1, key, was === null ? absent : buffer(was), buffer(next), ttlMs),
      )) === 1,
    remove: async (key) => (await write(key, () => client.del(key))) === 1,
    keys: async function* (prefix) {
      for (const server of shards.servers()) yield* scan(server, prefix)
    },
    publish: async (channel, message) => {
      await call(at(channel), writing, () => client.publish(channel, message))
    },
    subscribe: (channel, heard) => subscribe(channel, heard),
    shards,
    close: async () => {
      listener?.disconnect()
      if (client.status === 'ready') await client.quit().catch(noop)
      else if (client.status !== 'end') client.disconnect()
    },
  }
}
