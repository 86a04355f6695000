import { type Redis as Server } from 'ioredis'
import { gatheredReads } from './gatheredReads.js'
import { type Guarded } from './guard.js'
import { readRedisAddress, wordsOfAddress } from './redisAddress.js'
import { callsOver, errorAt, inTurn, RedisError, type RedisLimits, redisLimits, Unsent } from './redisCalls.js'
import { connectRedis, isCluster, type Shards, shardsOf } from './redisClient.js'

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
  readonly tenureOf: Shards['tenureOf']
  readonly tenures: Shards['tenures']
  /** A key of one server's own: it is neither read nor written where that tenure is over, but rejects. */
  readonly own: (
    tenure: string,
    key: string,
  ) => { readonly get: () => Promise<Uint8Array | null>; readonly set: (value: Uint8Array) => Promise<void> }
  readonly close: () => Promise<void>
}

export { RedisError, type RedisLimits }

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
  const shards = await shardsOf(client)
  const call = callsOver(words, shards, limits)
  const reading: Guarded = { deadlineMs: limits.readMs, repeatable: true }
  const writing: Guarded = { deadlineMs: limits.writeMs, repeatable: false, unsentMs: limits.readMs }
  const slowRead: Guarded = { deadlineMs: limits.writeMs, repeatable: true }
  const turn = inTurn()
  const at = (key: string) => (): string => shards.serverOf(key)
  const write = <T>(key: string, send: () => Promise<T>): Promise<T> => {
    const end = performance.now() + limits.writeMs
    const inTime = (): Promise<T> => (performance.now() < end ? send() : Promise.reject(new Unsent('too late')))
    return call(at(key), writing, () => turn(key, inTime))
  }

  const getOne = (key: string): Promise<Uint8Array | null> => call(at(key), reading, () => client.getBuffer(key))
  // The keys of a cluster lie in slots, and one command takes those of one slot alone.
  const get = isCluster(client)
    ? getOne
    : gatheredReads(getOne, (keys) => call(at(''), reading, () => client.mgetBuffer([...keys])))

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
    listener = isCluster(client) ? null : client.duplicate()
    if (listener !== null) {
      listener.on('error', noop)
      await listener.connect()
    }
    const speaker = listener ?? client
    speaker.on('message', (from: string, message: string) => from === channel && heard(message))
    await speaker.subscribe(channel)
  }

  const own: Redis['own'] = (tenure, key) => {
    const asked = <T>(how: Guarded, ask: (connection: Server, tagged: string) => Promise<T>): Promise<T> =>
      call(
        () => tenure.slice(0, tenure.lastIndexOf('#')),
        how,
        () => {
          const held = shards.during(tenure)
          if (held === null) return Promise.reject(new Unsent('another took its place, or it is away'))
          return ask(held.connection, held.tag === '' ? key : `${key}{${held.tag}}`)
        },
      )
    return {
      get: () => asked(reading, (connection, tagged) => connection.getBuffer(tagged)),
      set: async (value) => {
        await asked({ ...reading, repeatable: false }, (connection, tagged) => connection.set(tagged, buffer(value)))
      },
    }
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
    tenureOf: shards.tenureOf,
    tenures: shards.tenures,
    own,
    close: async () => {
      listener?.disconnect()
      if (client.status === 'ready') await client.quit().catch(noop)
      else if (client.status !== 'end') client.disconnect()
    },
  }
}
