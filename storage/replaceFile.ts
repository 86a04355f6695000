import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Makes a directory's entries (a rename, a new file) outlive a power cut. */
export const syncDirectory = async (dir: string): Promise<void> => {
  const handle = await open(dir, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes a file's bytes outlive a power cut. */
export const syncFile = async (path: string): Promise<void> => {
  const handle = await open(path, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Replaces a file as a whole: a reader, or a restart after a crash, finds the old bytes or the new ones, never a part.
 * The directory must exist. Durable when resolved; a write that fails leaves the old file and nothing beside it. `mode`,
 * less the umask, holds from the first byte on.
 */
export const replaceFile = async (path: string, bytes: Uint8Array | string, mode = 0o666): Promise<void> => {
  const aside = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const handle = await open(aside, 'wx', mode)
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(aside, path)
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
  await syncDirectory(dirname(path))
}
