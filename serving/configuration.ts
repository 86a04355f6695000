import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { type RedisStoreOptions } from '../features/store/redis.js'
import { readRedisAddress } from '../storage/redisAddress.js'
import { type FirmPack, packFile, packName, readFirmPacks } from './firmPacks.js'

export { packFile }

/** Where the shipped questionnaires lie, seen from dist/serving/. */
const questionnaireFolder = fileURLToPath(new URL('../../questionnaires/', import.meta.url))

const dayMs = 86_400_000
/** How long a cache serves what another server may have changed, where its word is lost on the way. */
const mostStaleMs = 1_000
const identifiersKey = z
  .string()
  .regex(/^[A-Za-z0-9+/]{43}=$/, 'want 32 random bytes in base64, such as "openssl rand -base64 32" gives')
  .transform((text) => new Uint8Array(Buffer.from(text, 'base64')))
  .optional()

/** Environment variables, all of them: listed in README.md. */
const Environment = z.object({
  APTUS_DATA: z.string().min(1).optional(),
  APTUS_PORT: z.coerce.number({ error: 'want a port from 0 to 65535' }).int().min(0).max(65_535).default(8080),
  APTUS_HOST: z.string().min(1).default('127.0.0.1'),
  APTUS_REDIS_URL: z
    .string()
    .refine(
      (text) => readRedisAddress(text) !== null,
      'want redis://HOST:PORT, or of a cluster redis+cluster://HOST:PORT,HOST:PORT',
    )
    .optional(),
  APTUS_REDIS_DEADLINE_MS: z.coerce
    .number({ error: 'want milliseconds, from 10 to 10000' })
    .int()
    .min(10)
    .max(10_000)
    .default(250),
  APTUS_REDIS_TTL_DAYS: z.coerce.number({ error: 'want days, 1 or more' }).int().min(1).max(3_650).optional(),
  APTUS_REDIS_CACHE: z.coerce
    .number({ error: 'want how many investors, 0 for none' })
    .int()
    .min(0)
    .max(10_000_000)
    .default(0),
  APTUS_REDIS_VECTORS: z.enum(['on', 'off'], { error: 'want on or off' }).default('off'),
  APTUS_EVENTS: z.enum(['direct', 'stream'], { error: 'want direct or stream' }).default('direct'),
  APTUS_IDENTIFIERS_KEY: identifiersKey,
  APTUS_IDENTIFIERS_OLD_KEY: identifiersKey,
  APTUS_PACK: z
    .string()
    .regex(packName, 'want the name of a pack of packs/, such as cn-2026')
    .refine((name) => existsSync(packFile(name)), 'there is no such pack; packs/ holds those that there are')
    .default('cn-2026'),
  APTUS_FIRM_PACKS: z
    .string()
    .min(1)
    .optional()
    .transform((text, context) => {
      const { packs, faults } = text === undefined ? { packs: [], faults: [] } : readFirmPacks(text)
      for (const message of faults) context.addIssue({ code: 'custom', message })
      return packs
    }),
  APTUS_QUESTIONNAIRES: z
    .string()
    .min(1)
    .transform((folder) => resolve(folder))
    .refine((folder) => existsSync(folder) && statSync(folder).isDirectory(), 'there is no such folder')
    .default(questionnaireFolder),
})

export type Configuration = {
  readonly port: number
  readonly host: string
  readonly redisUrl: string | null
  /** How Redis is used; without it, as its options are by default. */
  readonly redis?: RedisStoreOptions
  /** Events are published, and folded into the online store by workers ("aptus features work"); without it, by the server. */
  readonly events?: 'stream'
  /** By which identifiers are encrypted at rest; without it they lie in clear. */
  readonly identifiersKey?: Uint8Array
  /** That from which a rotation leads to `identifiersKey`. */
  readonly oldIdentifiersKey?: Uint8Array
  readonly packName: string
  readonly packFile: string
  /** Firms whose pack is another than `packName`. */
  readonly firmPacks: readonly FirmPack[]
  /** The folder of the questionnaires that may be taken. */
  readonly questionnaires: string
}

/** Thrown for a variable that is not as it must be; the message names it and says what is wanted. */
export class ConfigurationError extends Error {}

/** Checks the environment at start. */
export function readConfiguration(env: NodeJS.ProcessEnv): Configuration {
  const parsed = Environment.safeParse(env)
  if (!parsed.success)
    throw new ConfigurationError(
      parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'),
    )
  const { APTUS_PORT, APTUS_HOST, APTUS_REDIS_URL, APTUS_PACK, APTUS_FIRM_PACKS, APTUS_QUESTIONNAIRES } = parsed.data
  const { APTUS_REDIS_DEADLINE_MS, APTUS_REDIS_TTL_DAYS, APTUS_REDIS_CACHE, APTUS_EVENTS } = parsed.data
  const fault = APTUS_EVENTS === 'stream' ? streamFault(parsed.data) : null
  if (fault !== null) throw new ConfigurationError(`APTUS_EVENTS: ${fault}`)
  return {
    port: APTUS_PORT,
    host: APTUS_HOST,
    redisUrl: APTUS_REDIS_URL ?? null,
    ...(APTUS_EVENTS === 'stream' && { events: APTUS_EVENTS }),
    redis: {
      ...(APTUS_EVENTS === 'stream' && { streamed: true }),
      limits: { readMs: APTUS_REDIS_DEADLINE_MS },
      ...(parsed.data.APTUS_REDIS_VECTORS === 'on' && { vectors: true }),
      ...(APTUS_REDIS_TTL_DAYS === undefined ? {} : { ttlMs: APTUS_REDIS_TTL_DAYS * dayMs }),
      ...(APTUS_REDIS_CACHE === 0 ? {} : { cache: { entries: APTUS_REDIS_CACHE, maxAgeMs: mostStaleMs } }),
    },
    ...(parsed.data.APTUS_IDENTIFIERS_KEY && { identifiersKey: parsed.data.APTUS_IDENTIFIERS_KEY }),
    ...(parsed.data.APTUS_IDENTIFIERS_OLD_KEY && { oldIdentifiersKey: parsed.data.APTUS_IDENTIFIERS_OLD_KEY }),
    packName: APTUS_PACK,
    packFile: packFile(APTUS_PACK),
    firmPacks: APTUS_FIRM_PACKS,
    questionnaires: APTUS_QUESTIONNAIRES,
  }
}

/** Why events cannot go through a stream; null where they can. */
function streamFault(given: z.infer<typeof Environment>): string | null {
  const address = given.APTUS_REDIS_URL === undefined ? null : readRedisAddress(given.APTUS_REDIS_URL)
  if (address === null) return 'stream wants APTUS_REDIS_URL'
  // What a cluster's server lost of a stream would not be missed by the one that holds the state.
  if (address.cluster) return 'stream wants one Redis server, no cluster'
  const barred = ['APTUS_REDIS_TTL_DAYS', 'APTUS_REDIS_CACHE', 'APTUS_IDENTIFIERS_KEY'] as const
  const found = barred.filter((name) => given[name] !== undefined && given[name] !== 0)
  return found.length === 0 ? null : `stream does not go with ${found.join(', ')}`
}
