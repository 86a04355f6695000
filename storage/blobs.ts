import { createHash } from 'node:crypto'
import { access, readFile, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeDirectory } from './makeDirectory.js'
import { replaceFile } from './replaceFile.js'

/** Bytes under the name of their SHA-256: `sha256:` and 64 lower-case hexadecimal digits. */
export type Blobs = {
  /** Stores the bytes durably and returns their digest; bytes already there and whole are not written again. */
  readonly put: (bytes: Uint8Array) => Promise<string>
  /** The bytes of a digest; throws where they are absent or no longer match it. */
  readonly get: (digest: string) => Promise<Uint8Array>
  readonly has: (digest: string) => Promise<boolean>
  /** 0 where they are absent. */
  readonly sizeOf: (digest: string) => Promise<number>
  /** Forgets a digest's bytes and resolves to how many they were, 0 where they were absent: for what nothing names. */
  readonly remove: (digest: string) => Promise<number>
  /** The file that holds a digest's bytes, for libraries that read files only. */
  readonly path: (digest: string) => string
}

export const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** A blob that is absent, damaged or asked for by something that is no digest. */
export class BlobError extends Error {
  constructor(
    readonly code: 'blob-absent' | 'blob-damaged' | 'blob-name',
    message: string,
  ) {
    super(message)
    this.name = 'BlobError'
  }
}

const isAbsent = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

const fileOf = (dir: string, digest: string): string => {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1]
  if (hex === undefined) {
    throw new BlobError('blob-name', `blob "${digest.slice(0, 80)}": want sha256: and 64 lower-case hexadecimal digits`)
  }
  return join(dir, hex.slice(0, 2), hex)
}

const readOrNull = async (path: string): Promise<Uint8Array | null> => {
  try {
    return await readFile(path)
  } catch (error) {
    if (isAbsent(error)) return null
    throw error
  }
}

/** Opens a directory of blobs; it is made at the first `put`. */
export const openBlobs = (dir: string): Blobs => {
  const path = (digest: string): string => fileOf(dir, digest)

  const get = async (digest: string): Promise<Uint8Array> => {
    const bytes = await readOrNull(path(digest))
    if (bytes === null) {
      throw new BlobError('blob-absent', `blob ${digest} is absent: restore it from a backup, or make it again`)
    }
    const found = digestOf(bytes)
    if (found !== digest) {
      const damage = `blob ${digest} is damaged: its bytes have the digest ${found}`
      throw new BlobError('blob-damaged', `${damage}; restore it from a backup, or make it again`)
    }
    return bytes
  }

  const put = async (bytes: Uint8Array): Promise<string> => {
    const digest = digestOf(bytes)
    const file = path(digest)
    const there = await readOrNull(file)
    // A damaged file is healed by writing it again.
    if (there !== null && digestOf(there) === digest) return digest
    await makeDirectory(dirname(file))
    await replaceFile(file, bytes)
    return digest
  }

  const has = async (digest: string): Promise<boolean> => {
    try {
      await access(path(digest))
      return true
    } catch (error) {
      if (isAbsent(error)) return false
      throw error
    }
  }

  const remove = async (digest: string): Promise<number> => {
    const bytes = await sizeOf(digest)
    await rm(path(digest), { force: true })
    return bytes
  }

  const sizeOf = async (digest: string): Promise<number> => {
    try {
      return (await stat(path(digest))).size
    } catch (error) {
      if (isAbsent(error)) return 0
      throw error
    }
  }

  return { put, get, has, remove, sizeOf, path }
}
