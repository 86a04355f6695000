import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { LogError } from './logError.js'

/** The lock's file in the directory that it guards. */
export const lockName = 'lock'

type Owner = { readonly pid: number; readonly host: string; readonly startedAt: string | null }

/** When a process started, in clock ticks since the boot; null where the system does not say (no /proc). */
const startOf = (pid: number): string | null => {
  try {
    // Field 22 of proc(5); the command's name, in parentheses, may hold spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [state, ...rest] = fields.slice(fields.lastIndexOf(')') + 2).split(' ')
    // A zombie has ended and holds nothing; only its parent, such as a container's first process, did not ask yet.
    return state === 'Z' ? 'ended' : (rest[18] ?? null)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
    return null
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** A pid may have been given to another process since: the start time tells them apart. */
const isStale = (owner: Owner): boolean =>
  owner.host === hostname() &&
  (!isAlive(owner.pid) || (owner.startedAt !== null && startOf(owner.pid) !== owner.startedAt))

const ignoring = async <T>(code: string, work: Promise<T>): Promise<T | null> => {
  try {
    return await work
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === code) return null
    throw error
  }
}

const parseOwner = (text: string): Owner | null => {
  try {
    const { pid, host, startedAt } = JSON.parse(text) as Partial<Owner>
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host, startedAt: startedAt ?? null } : null
  } catch (error) {
    if (error instanceof SyntaxError || (error as Error).name === 'SyntaxError') return null
    throw error
  }
}

const held = (owner: Owner | null): LogError => {
  const who = owner === null ? 'an unknown process' : `process ${owner.pid} on ${owner.host}`
  return new LogError(
    'held',
    `the directory is held by ${who}, a server or another command: stop it, or, if it is gone, remove the file "${lockName}" in the directory`,
  )
}

/** Moves a dead owner's lock aside; puts it back where another process was faster and the lock is a live one's. */
const removeStale = async (path: string, judged: string, mark: string): Promise<void> => {
  const aside = `${path}.stale-${mark}`
  await ignoring('ENOENT', rename(path, aside))
  const moved = await ignoring('ENOENT', readFile(aside, 'utf8'))
  if (moved !== null && moved !== judged) await ignoring('EEXIST', link(aside, path))
  await rm(aside, { force: true })
}

/**
 * Takes the directory for this process: at most one holds it. A dead process's lock is taken over. Resolves to the
 * release. Throws LogError `held`; a lock from another host is never judged.
 */
export const lockDirectory = async (dir: string): Promise<() => Promise<void>> => {
  const path = join(dir, lockName)
  const mark = `${process.pid}-${randomBytes(6).toString('hex')}`
  const own = `${path}.${mark}`
  const me: Owner = { pid: process.pid, host: hostname(), startedAt: startOf(process.pid) }
  const text = JSON.stringify({ ...me, mark })
  await mkdir(dir, { recursive: true })
  await writeFile(own, text)
  try {
    for (let tries = 0; tries < 3; tries++) {
      // A link appears whole or not at all: nobody reads a half-written lock.
      if (
        (await ignoring(
          'EEXIST',
          link(own, path).then(() => true),
        )) === true
      ) {
        return async () => {
          if ((await ignoring('ENOENT', readFile(path, 'utf8'))) === text) await rm(path, { force: true })
        }
      }
      const judged = await ignoring('ENOENT', readFile(path, 'utf8'))
      if (judged === null) continue
      const owner = parseOwner(judged)
      if (owner === null || !isStale(owner)) throw held(owner)
      await removeStale(path, judged, mark)
    }
  } finally {
    await rm(own, { force: true })
  }
  throw held(null)
}
