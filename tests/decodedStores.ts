import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { decodeCanonical } from '../audit/canonical.js'
import { decodePerson, decodeSealed } from '../audit/personKeys.js'
import { cipherKeyOf, unseal } from '../audit/sealing.js'
import { literal, openDuckDb } from '../storage/duckdb.js'
import { openLmdb } from '../storage/lmdb.js'
import { recordsOf } from './forgedLedger.js'

/** A file's bytes, or something that was decoded from it. */
export type Held = { readonly file: string; readonly bytes: Buffer }

/** Base64 of what stands somewhere among other bytes: the digits that depend on it alone, for each alignment. */
const base64sOf = (bytes: Buffer): readonly string[] =>
  [0, 1, 2].flatMap((before) => {
    const digits = Buffer.concat([Buffer.alloc(before), bytes, Buffer.alloc(3)]).toString('base64')
    const inner = digits.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6))
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')]
  })

/** Every way in which these bytes, or their hexadecimal digits as text, may be written in a file. */
export function writingsOf(secret: Buffer): readonly Buffer[] {
  const digits = secret.toString('hex')
  const texts = [digits, digits.toUpperCase()]
  const utf16 = Buffer.from(digits, 'utf16le')
  return [
    secret,
    ...texts.map((text) => Buffer.from(text)),
    Buffer.from(Buffer.from(digits).toString('hex')),
    utf16,
    Buffer.from(utf16).swap16(),
    ...[secret, ...texts.map((text) => Buffer.from(text))].flatMap(base64sOf).map((text) => Buffer.from(text)),
  ]
}

/** The texts and bytes within a canonical value; bytes that are canonical themselves are gone into. */
function leavesOf(value: unknown): readonly Buffer[] {
  if (typeof value === 'string') return [Buffer.from(value)]
  if (value instanceof Uint8Array) {
    const bytes = Buffer.from(value)
    return [bytes, ...leavesOf(decodedOrNull(bytes))]
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, held]) => [Buffer.from(key), ...leavesOf(held)])
}

function decodedOrNull(bytes: Uint8Array): unknown {
  try {
    return decodeCanonical(bytes)
  } catch {
    return null
  }
}

async function lmdbEntries(dir: string): Promise<readonly { key: string; value: Buffer }[]> {
  const database = await openLmdb(dir)
  try {
    return [...database.entries()].map(({ key, value }) => ({ key: String(key), value: Buffer.from(value) }))
  } finally {
    await database.close()
  }
}

async function parquetText(path: string, spill: string): Promise<Buffer> {
  const database = await openDuckDb(spill)
  try {
    const rows = await database.rows(`SELECT to_json(t)::VARCHAR FROM read_parquet(${literal(path)}) t`)
    return Buffer.from(rows.flat().join('\n'))
  } finally {
    await database.close()
  }
}

/**
 * All files below a folder, as they are, and decoded: records of segments, entries of LMDB, rows of Parquet. What is
 * sealed is opened with every key that any file below still holds. Works on a copy.
 */
export async function heldBelow(dir: string): Promise<readonly Held[]> {
  const copy = await mkdtemp(join(tmpdir(), 'decoded-'))
  try {
    await cp(dir, copy, { recursive: true })
    const entries = (await readdir(copy, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
    const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort()
    // Before LMDB opens them, which may write.
    const held: { readonly path: string; readonly bytes: Buffer }[] = await Promise.all(
      paths.map(async (path) => ({ path, bytes: await readFile(path) })),
    )
    const keys = new Map<string, Uint8Array>()
    for (const { path } of [...held]) {
      if (!path.endsWith('data.mdb')) continue
      for (const { key, value } of await lmdbEntries(dirname(path))) {
        held.push({ path, bytes: Buffer.from(key) }, { path, bytes: value })
        held.push(...leavesOf(decodedOrNull(value)).map((bytes) => ({ path, bytes })))
        // Longer, they are under a key of the environment, which no file has.
        if (key.startsWith('person/') && value.length === 48)
          keys.set(decodePerson(value).pseudonym, decodePerson(value).key)
        if (key.startsWith('key/') && value.length === 32) keys.set(key.slice('key/'.length), value)
      }
    }
    for (const { path, bytes } of [...held].filter(({ path: each }) => /\.(seg|torn)$/.test(each)))
      for (const { body } of recordsOf(bytes)) {
        held.push(
          ...[body, ...leavesOf(decodedOrNull(body)), ...opened(body, keys)].map((each) => ({ path, bytes: each })),
        )
      }
    for (const path of paths.filter((each) => each.endsWith('.parquet')))
      held.push({ path, bytes: await parquetText(path, copy) })
    return held.map(({ path, bytes }) => ({ file: relative(copy, path), bytes }))
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
}

/** What a record of the persons' log sealed, if it is one and its key is known. */
function opened(record: Buffer, keys: ReadonlyMap<string, Uint8Array>): readonly Buffer[] {
  const pseudonym = record.subarray(0, 16).toString('hex')
  const key = keys.get(pseudonym)
  if (key === undefined) return []
  const { entryId, sealed } = decodeSealed(record)
  const plain = unseal(cipherKeyOf(key), entryId, sealed)
  return [plain, ...leavesOf(decodedOrNull(plain))]
}

/** The files that hold a secret in any writing. */
export const filesHolding = (held: readonly Held[], secret: Buffer): readonly string[] => {
  const writings = writingsOf(secret)
  return [...new Set(held.filter(({ bytes }) => writings.some((each) => bytes.includes(each))).map(({ file }) => file))]
}
