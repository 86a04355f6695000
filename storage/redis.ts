import { Redis as Client } from 'ioredis'

/** Keys and bytes in a Redis server. Any call rejects with `RedisError` while the server does not answer. */
export type Redis = {
  readonly get: (key: string) => Promise<Uint8Array | null>
  readonly set: (key: string, value: Uint8Array) => Promise<void>
  /** Writes `next` only where the key still holds `was` (null: is absent); false: somebody else wrote meanwhile. */
  readonly swap: (key: string, was: Uint8Array | null, next: Uint8Array) => Promise<boolean>
  readonly remove: (key: string) => Promise<boolean>
  /** All keys that begin with a prefix, in batches, in no order; a key may come twice. */
  readonly keys: (prefix: string) => AsyncIterable<readonly string[]>
  readonly close: () => Promise<void>
}

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
redis.call('SET', KEYS[1], ARGV[2])
return 1`

const absent = Buffer.alloc(0)
const buffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
const escapeGlob = (text: string): string => text.replace(/[*?[\]\\]/g, '\\$&')

/** Host and port of a URL: its password belongs in no message. */
const addressOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : 'the address given')

const connect = async (url: string, failed: (error: unknown) => RedisError): Promise<Client> => {
  let opened = false
  const client = new Client(url, {
    lazyConnect: true,
    connectTimeout: 2_000,
    // A request waits for one reconnection, then is refused: an answer of 503 beats one that hangs.
    maxRetriesPerRequest: 1,
    retryStrategy: (times) => (opened ? Math.min(times * 100, 2_000) : null),
  })
  let last: unknown = null
  client.on('error', (error: unknown) => {
    last = error
  })
  try {
    await client.connect()
    opened = true
    return client
  } catch (error) {
    // To disconnect what has ended already would start a timer of two seconds that holds the process.
    if (client.status !== 'end') client.disconnect()
    throw failed(last ?? error)
  }
}

/** Opens a connection to `redis://…`; rejects within about two seconds where nothing answers. */
export const openRedis = async (url: string): Promise<Redis> => {
  const failed = (cause: unknown): RedisError => {
    const { code, name, message } = cause as NodeJS.ErrnoException
    const at = `redis at ${addressOf(url)}`
    const text =
      name === 'ReplyError'
        ? `${at} refused a command (${message}): look into that server's memory, rights and state`
        : `${at} does not answer (${code ?? message}): start the server, or correct the address it is given by`
    return new RedisError(text, { cause })
  }
  const client = await connect(url, failed)
  const asked = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer
    } catch (cause) {
      throw failed(cause)
    }
  }

  const keys = async function* (prefix: string): AsyncIterable<readonly string[]> {
    let cursor = '0'
    do {
      const [next, found] = await asked(client.scan(cursor, 'MATCH', `${escapeGlob(prefix)}*`, 'COUNT', 1_000))
      cursor = next
      yield found
    } while (cursor !== '0')
  }

  return {
    get: (key) => asked(client.getBuffer(key)),
    set: async (key, value) => {
      await asked(client.set(key, buffer(value)))
    },
    swap: async (key, was, next) =>
      (await asked(client.eval(swapScript, 1, key, was === null ? absent : buffer(was), buffer(next)))) === 1,
    remove: async (key) => (await asked(client.del(key))) === 1,
    keys,
    close: async () => {
      if (client.status === 'ready') await asked(client.quit())
      else client.disconnect()
    },
  }
}
