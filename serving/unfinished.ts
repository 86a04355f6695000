import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { lockDirectory, lockName } from '../storage/processLock.js'
import { isEmpty, unfinishedMark } from './home.js'

/**
 * Whether a directory is to be set up: it is empty, or a set-up was cut short, and then what that left behind is
 * removed first: nothing of it was ever served, and its keys were told to nobody. Rejects with `LogError` `held` where
 * another process has the directory.
 */
export async function beginSetUp(dir: string): Promise<boolean> {
  const empty = await isEmpty(dir)
  if (!empty && !(await readdir(dir)).includes(unfinishedMark)) return false
  await mkdir(dir, { recursive: true })
  const unlock = await lockDirectory(dir)
  try {
    await clear(dir)
    await writeFile(join(dir, unfinishedMark), '')
  } finally {
    await unlock()
  }
  return true
}

async function clear(dir: string): Promise<void> {
  for (const name of await readdir(dir))
    if (name !== lockName && name !== unfinishedMark) await rm(join(dir, name), { recursive: true })
}

/** Empties a directory that a first import filled in vain, so that "aptus start" still sets it up. */
export async function clearAfterFailure(dir: string): Promise<void> {
  const unlock = await lockDirectory(dir)
  await clear(dir).finally(unlock)
}

/** Called when everything is served from, and told. */
export const endSetUp = (dir: string): Promise<void> => rm(join(dir, unfinishedMark), { force: true })
