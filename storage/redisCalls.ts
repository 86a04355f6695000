import { type Redis as Server } from 'ioredis'
import { type BreakerLimits } from './breaker.js'
import { BreakerOpen, DeadlinePassed, type Failure, guard, type Guarded } from './guard.js'
import { type Shards } from './redisClient.js'

export type RedisLimits = BreakerLimits & {
  /** For a read, with all its attempts. */
  readonly readMs: number
  /** For a write, which waits for a connection no longer than a read. */
  readonly writeMs: number
}

export const redisLimits: RedisLimits = Object.freeze({
  readMs: 250,
  writeMs: 1_000,
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

/** A server that starts, is demoted, or whose cluster has a hole: it did nothing. */
const passing = /^(LOADING|READONLY|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|MOVED|ASK)\b/

/** No connection is ready, or time is up: nothing was sent. */
export class Unsent extends Error {}

const failureOf = (cause: unknown): Failure => {
  const { name, message } = cause as Error
  if (cause instanceof Unsent) return 'unsent'
  if (name !== 'ReplyError') return 'silent'
  return passing.test(message) ? 'unsent' : 'answered'
}

export const errorAt = (at: string, cause: unknown): RedisError => {
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
export const inTurn = () => {
  const last = new Map<string, Promise<void>>()
  return <T>(key: string, write: () => Promise<T>): Promise<T> => {
    const done = (last.get(key) ?? Promise.resolve()).then(write)
    const settled = done.then(
      () => undefined,
      () => undefined,
    )
    last.set(key, settled)
    void settled.then(() => last.get(key) === settled && last.delete(key))
    return done
  }
}

/** Calls under deadline and breaker, their errors in words. A breaker a server: where one is down, the others go on. */
export const callsOver = (words: string, shards: Shards, limits: RedisLimits) => {
  const guards = new Map<string, ReturnType<typeof guard>>()
  const guardOf = (server: string): ReturnType<typeof guard> => {
    const known = guards.get(server)
    if (known !== undefined) return known
    const made = guard(limits, failureOf)
    guards.set(server, made)
    return made
  }
  return <T>(where: () => string, how: Guarded, attempt: (connection: Server) => Promise<T>): Promise<T> => {
    const server = where()
    const asked = guardOf(server)(() => {
      // Asked anew each time: the key may have moved to another server.
      const connection = shards.connectionTo(where())
      return connection === null ? Promise.reject(new Unsent('not connected')) : attempt(connection)
    }, how)
    return asked.catch((cause: unknown) => {
      throw errorAt(server === '' ? words : server, cause)
    })
  }
}
