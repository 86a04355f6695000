import { type Client, connectRedis, shardsOf } from './redisClient.js'
import { readRedisAddress, wordsOfAddress } from './redisAddress.js'
import { DeadlinePassed } from './guard.js'
import { errorAt, RedisError } from './redisCalls.js'

/** An entry of a stream: Redis numbers them `ms-n`, growing. */
export type StreamEntry = { readonly id: string; readonly key: string; readonly value: string }

/** Where a value is kept, the notes of entries that it holds, and the id up to which it holds all. In one slot. */
export type StateKeys = { readonly key: string; readonly appliedKey: string; readonly floorKey: string }

export type Looked = {
  readonly value: Uint8Array | null
  /** '' where there is none. */
  readonly floor: string
  readonly applied: ReadonlySet<string>
}

/** Streams of a Redis server or cluster, read by one group of consumers. Calls reject with `RedisError`. */
export type RedisStreams = {
  /**
   * Adds the values that `producer` has not added yet: of those of one stream, each has a larger number than the one
   * before, and what is given again is left out. A failure may leave some of them added, from the first on.
   */
  readonly add: (
    stream: string,
    producer: string,
    values: readonly { readonly number: number; readonly key: string; readonly value: string }[],
  ) => Promise<void>
  /** Makes stream and group where they are absent; the group begins with the first entry. */
  readonly join: (stream: string, group: string) => Promise<void>
  /** Entries that no consumer was given yet, which are then this one's until they are acknowledged. */
  readonly take: (stream: string, group: string, consumer: string, most: number) => Promise<readonly StreamEntry[]>
  /** Entries that a consumer was given so long ago, and did not acknowledge. */
  readonly claim: (
    stream: string,
    group: string,
    consumer: string,
    idleMs: number,
    most: number,
  ) => Promise<readonly StreamEntry[]>
  readonly acknowledge: (stream: string, group: string, ids: readonly string[]) => Promise<void>
  /** The id from which on entries may not be acknowledged yet: all before it are. */
  readonly unsettledFrom: (stream: string, group: string) => Promise<string>
  /** Deletes the entries before an id; resolves to how many. */
  readonly trim: (stream: string, from: string) => Promise<number>
  /** Deletes a key's entries. */
  readonly remove: (stream: string, key: string) => Promise<void>
  /** The value of a key, its floor, and which of some entries it holds: those up to the floor, and those noted. */
  readonly look: (keys: StateKeys, ids: readonly string[]) => Promise<Looked>
  /**
   * Writes `next` and notes the entries as applied, at once, only where the key still holds what was looked at, over the
   * same floor, and none of them is noted; false: somebody else wrote meanwhile. Forgets notes of entries before
   * `settled`, and all a week after the last: until then an entry that was given out has to be acknowledged.
   */
  readonly apply: (
    keys: StateKeys,
    change: { readonly was: Looked; readonly next: Uint8Array },
    ids: readonly string[],
    settled: string,
  ) => Promise<boolean>
  /** An id above all of the stream's entries, and below all that are added later; '' where there are none. */
  readonly floorOf: (stream: string) => Promise<string>
  /**
   * Writes what holds all entries up to a floor, whatever was written before; null: nothing. The floor stands so long;
   * '': there is none.
   */
  readonly replace: (keys: StateKeys, next: Uint8Array | null, floor: string, floorMs: number) => Promise<void>
  readonly close: () => Promise<void>
}

const addScript = `
local last = tonumber(redis.call('HGET', KEYS[2], ARGV[1]) or '-1')
for at = 2, #ARGV, 3 do
  local number = tonumber(ARGV[at])
  if number > last then
    redis.call('XADD', KEYS[1], '*', 'key', ARGV[at + 1], 'value', ARGV[at + 2])
    last = number
  end
end
redis.call('HSET', KEYS[2], ARGV[1], string.format('%.0f', last))
return 1`

const applyScript = `
local now = redis.call('GET', KEYS[1])
if now == false then now = '' end
if now ~= ARGV[1] or (redis.call('GET', KEYS[3]) or '') ~= ARGV[4] then return 0 end
for at = 5, #ARGV, 2 do
  if redis.call('ZSCORE', KEYS[2], ARGV[at + 1]) then return 0 end
end
redis.call('SET', KEYS[1], ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', '(' .. ARGV[3])
for at = 5, #ARGV, 2 do redis.call('ZADD', KEYS[2], ARGV[at], ARGV[at + 1]) end
redis.call('EXPIRE', KEYS[2], 604800)
return 1`

const floorScript = `
if redis.call('XLEN', KEYS[1]) == 0 then return '' end
local id = redis.call('XADD', KEYS[1], '*', 'key', '', 'value', '')
redis.call('XDEL', KEYS[1], id)
return id`

const replaceScript = `
if ARGV[1] == '' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[1]) end
redis.call('DEL', KEYS[2])
if ARGV[2] == '' then redis.call('DEL', KEYS[3]) else redis.call('SET', KEYS[3], ARGV[2], 'PX', ARGV[3]) end
return 1`

/** Values of one script: Lua's stack takes some thousands of arguments. */
const addedAtOnce = 500

const msOf = (id: string): string => id.slice(0, id.indexOf('-'))
const compare = (a: string, b: string): number =>
  Number(msOf(a)) - Number(msOf(b)) || Number(a.slice(a.indexOf('-') + 1)) - Number(b.slice(b.indexOf('-') + 1))
const after = (id: string): string => `${msOf(id)}-${Number(id.slice(id.indexOf('-') + 1)) + 1}`
const bytesOf = (bytes: Uint8Array | null): Buffer => (bytes === null ? Buffer.alloc(0) : Buffer.from(bytes))

/** A deleted entry that is still pending comes without fields. */
const entriesOf = (raw: readonly (readonly [string, readonly string[] | null])[]): readonly StreamEntry[] =>
  raw.flatMap(([id, fields]) => (fields === null ? [] : [{ id, key: fields[1] ?? '', value: fields[3] ?? '' }]))

const over = (client: Client, asked: <T>(answer: Promise<T>) => Promise<T>): RedisStreams => ({
  add: async (stream, producer, values) => {
    for (let at = 0; at < values.length; at += addedAtOnce) {
      const some = values.slice(at, at + addedAtOnce)
      const args = some.flatMap(({ number, key, value }) => [String(number), key, value])
      await asked(client.eval(addScript, 2, stream, `${stream}:producers`, producer, ...args))
    }
  },
  join: async (stream, group) => {
    try {
      await client.xgroup('CREATE', stream, group, '0', 'MKSTREAM')
    } catch (error) {
      if (!(error as Error).message.startsWith('BUSYGROUP')) await asked(Promise.reject(error as Error))
    }
  },
  take: async (stream, group, consumer, most) => {
    const answer = await asked(client.xreadgroup('GROUP', group, consumer, 'COUNT', most, 'STREAMS', stream, '>'))
    const [first] = (answer ?? []) as [string, [string, string[]][]][]
    return entriesOf(first?.[1] ?? [])
  },
  claim: async (stream, group, consumer, idleMs, most) => {
    const answer = await asked(client.xautoclaim(stream, group, consumer, idleMs, '0', 'COUNT', most))
    return entriesOf(answer[1] as [string, string[]][])
  },
  acknowledge: async (stream, group, ids) => {
    if (ids.length > 0) await asked(client.xack(stream, group, ...ids))
  },
  unsettledFrom: async (stream, group) => {
    // In this order: whatever was given out by the first answer is acknowledged or pending at the second.
    const groups = (await asked(client.xinfo('GROUPS', stream))) as string[][]
    const found = groups.find((each) => each[each.indexOf('name') + 1] === group) ?? []
    const given = found[found.indexOf('last-delivered-id') + 1] ?? '0-0'
    const [, oldest] = (await asked(client.xpending(stream, group))) as [number, string | null]
    return oldest !== null && compare(oldest, given) <= 0 ? oldest : after(given)
  },
  trim: async (stream, from) => asked(client.xtrim(stream, 'MINID', from)),
  remove: async (stream, key) => {
    for (let from = '-'; ;) {
      const entries = entriesOf(await asked(client.xrange(stream, from, '+', 'COUNT', 1_000)))
      const ids = entries.filter((entry) => entry.key === key).map(({ id }) => id)
      if (ids.length > 0) await asked(client.xdel(stream, ...ids))
      const last = entries.at(-1)
      if (last === undefined) return
      from = `(${last.id}`
    }
  },
  look: async ({ key, appliedKey, floorKey }, ids) => {
    // Floor and notes first: whoever wrote after that changed the value or the floor too, or the swap finds his note.
    const floor = (await asked(client.get(floorKey))) ?? ''
    const scores = await asked(client.zmscore(appliedKey, ...ids))
    const value = await asked(client.getBuffer(key))
    const isHeld = (id: string, n: number): boolean =>
      (scores[n] ?? null) !== null || (floor !== '' && compare(id, floor) <= 0)
    return { value, floor, applied: new Set(ids.filter(isHeld)) }
  },
  apply: async ({ key, appliedKey, floorKey }, { was, next }, ids, settled) => {
    const noted = ids.flatMap((id) => [msOf(id), id])
    const values = [bytesOf(was.value), bytesOf(next), msOf(settled), was.floor]
    return (await asked(client.eval(applyScript, 3, key, appliedKey, floorKey, ...values, ...noted))) === 1
  },
  floorOf: async (stream) => String(await asked(client.eval(floorScript, 1, stream))),
  replace: async ({ key, appliedKey, floorKey }, next, floor, floorMs) => {
    await asked(client.eval(replaceScript, 3, key, appliedKey, floorKey, bytesOf(next), floor, floorMs))
  },
  close: async () => {
    if (client.status === 'ready') await client.quit()
    else if (client.status !== 'end') client.disconnect()
  },
})

/** Rejects where the time is up: what was asked for may still be done. */
const within = async <T>(answer: Promise<T>, ms: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlinePassed(ms)), ms)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Opens a connection of its own, as `openRedis` does. `deadlineMs`: for a command. */
export const openRedisStreams = async (url: string, deadlineMs = 10_000): Promise<RedisStreams> => {
  const address = readRedisAddress(url)
  if (address === null) throw new RedisError('redis: no address of a server or a cluster', { cause: null })
  const words = wordsOfAddress(address)
  const asked = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await within(answer, deadlineMs)
    } catch (cause) {
      throw errorAt(words, cause)
    }
  }
  const client = await asked(connectRedis(address))
  await shardsOf(client)
  return over(client, asked)
}
