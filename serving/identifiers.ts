import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type IdentifierCipher, identifierCipher } from '../storage/identifierCipher.js'
import { replaceFile } from '../storage/replaceFile.js'
import { DataError } from './dataError.js'

/** Which key a data directory's identifiers are under; null: they lie in clear. `rotatingFrom`: some may yet be under that. */
const Mark = z.strictObject({
  v: z.literal(1),
  keyId: z.string().nullable(),
  rotatingFrom: z.string().nullable().optional(),
})
export type Mark = z.infer<typeof Mark>

const fileName = 'identifiers.json'

export const cipherOf = (key: Uint8Array | null): IdentifierCipher | null =>
  key === null ? null : identifierCipher(key)

export async function readMark(dir: string): Promise<Mark> {
  try {
    return Mark.parse(JSON.parse(await readFile(join(dir, fileName), 'utf8')))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { v: 1, keyId: null }
    throw new DataError(`${fileName} cannot be read: restore it from a backup`, { cause: error })
  }
}

export async function writeMark(dir: string, mark: Omit<Mark, 'v'>): Promise<void> {
  const file = join(dir, fileName)
  if (mark.keyId === null && mark.rotatingFrom === undefined) await rm(file, { force: true })
  else await replaceFile(file, `${JSON.stringify({ v: 1, ...mark })}\n`)
}

/**
 * The cipher of a data directory's identifiers; null where they lie in clear. Rejects with DataError where the key of the
 * environment is missing or another, and where a directory that was filled without one is given one.
 */
export async function openIdentifiers(dir: string, key: Uint8Array | null): Promise<IdentifierCipher | null> {
  const [mark, cipher] = [await readMark(dir), cipherOf(key)]
  if (mark.rotatingFrom !== undefined)
    throw new DataError('a change of the identifiers’ key was cut short: run "aptus identifiers rotate" again')
  const given = cipher?.keyId ?? null
  if (mark.keyId === given) return cipher
  if (given === null)
    throw new DataError(`identifiers are encrypted under the key ${mark.keyId}: set APTUS_IDENTIFIERS_KEY to it`)
  if (mark.keyId !== null)
    throw new DataError(
      `APTUS_IDENTIFIERS_KEY is the key ${given}, and identifiers are encrypted under ${mark.keyId}: give that one, or run "aptus identifiers rotate"`,
    )
  if (existsSync(join(dir, 'history')))
    throw new DataError(
      'APTUS_IDENTIFIERS_KEY is set, and identifiers lie in clear: run "aptus identifiers rotate" to encrypt them',
    )
  await writeMark(dir, { keyId: given })
  return cipher
}
