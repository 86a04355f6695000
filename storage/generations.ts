import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDirectory } from './makeDirectory.js'
import { syncDirectory } from './replaceFile.js'

/**
 * A directory that is written anew as a whole: numbered folders, of which the newest whole one counts and is alone
 * kept. The next is made aside, under its name and `.new`, and renamed.
 */
export const generationName = (generation: number): string => String(generation).padStart(6, '0')

/** Keeps the newest whole generation and removes the others; tells whether a rewriting had been interrupted. */
export async function settleGenerations(
  dir: string,
): Promise<{ readonly generation: number; readonly interrupted: boolean }> {
  await makeDirectory(dir)
  const names = (await readdir(dir)).filter((name) => /^\d{6}(\.new)?$/.test(name)).sort()
  const newest = names.filter((name) => /^\d{6}$/.test(name)).at(-1) ?? generationName(1)
  const leftovers = names.filter((name) => name !== newest)
  for (const name of leftovers) await rm(join(dir, name), { recursive: true })
  return { generation: Number(newest), interrupted: leftovers.some((name) => name.endsWith('.new')) }
}

/** Lets `make` fill the folder of the next generation, which then stands, durably, beside the present one. */
export async function nextGeneration(
  dir: string,
  generation: number,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const next = join(dir, generationName(generation + 1))
  const aside = `${next}.new`
  await rm(aside, { recursive: true, force: true })
  await make(aside)
  await syncDirectory(aside)
  await rename(aside, next)
  await syncDirectory(dir)
  return next
}

/** Takes a generation away once nobody holds it open. */
export async function removeGeneration(dir: string, generation: number): Promise<void> {
  await rm(join(dir, generationName(generation)), { recursive: true })
  await syncDirectory(dir)
}
