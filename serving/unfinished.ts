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
    for (const name of await readdir(dir))
      if (name !== lockName && name !== unfinishedMark) await rm(join(dir, name), { recursive: true })
    await writeFile(join(dir, unfinishedMark), '')
  } finally {
    await unlock()
  }
  return true
}

/** Called when everything is served from, and told. */
export const endSetUp = (dir: string): Promise<void> => rm(join(dir, unfinishedMark), { force: true })
