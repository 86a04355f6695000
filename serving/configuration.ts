import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** Environment variables, all of them: listed in README.md. */
const Environment = z.object({
  APTUS_DATA: z.string().min(1).optional(),
  APTUS_PORT: z.coerce.number({ error: 'want a port from 0 to 65535' }).int().min(0).max(65_535).default(8080),
  APTUS_HOST: z.string().min(1).default('127.0.0.1'),
  APTUS_REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'want redis://HOST:PORT' }).optional(),
  APTUS_PACK: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/, 'want the name of a pack of packs/, such as cn-2026')
    .refine((name) => existsSync(packFile(name)), 'there is no such pack; packs/ holds those that there are')
    .default('cn-2026'),
})

export type Configuration = {
  readonly port: number
  readonly host: string
  readonly redisUrl: string | null
  readonly packName: string
  readonly packFile: string
}

/** Where the packs lie, seen from dist/serving/. */
export const packFile = (name: string): string => fileURLToPath(new URL(`../../packs/${name}.yaml`, import.meta.url))

/** Thrown for a variable that is not as it must be; the message names it and says what is wanted. */
export class ConfigurationError extends Error {}

/** Checks the environment at start. */
export function readConfiguration(env: NodeJS.ProcessEnv): Configuration {
  const parsed = Environment.safeParse(env)
  if (!parsed.success)
    throw new ConfigurationError(
      parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'),
    )
  const { APTUS_PORT, APTUS_HOST, APTUS_REDIS_URL, APTUS_PACK } = parsed.data
  return {
    port: APTUS_PORT,
    host: APTUS_HOST,
    redisUrl: APTUS_REDIS_URL ?? null,
    packName: APTUS_PACK,
    packFile: packFile(APTUS_PACK),
  }
}
