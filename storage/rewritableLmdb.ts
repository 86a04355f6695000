import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openLmdb, type Lmdb } from './lmdb.js'
import { syncDirectory } from './segmentDisk.js'

/**
 * An LMDB that can be written anew. LMDB copies on write and keeps freed pages as they were, so a removed or overwritten
 * value stays readable in the file: only a fresh file without it, and the old one unlinked, takes it out. The blocks that
 * the old file held are then the file system's, which overwrites them when it reuses them, not before.
 */
export type RewritableLmdb = {
  /** The present database: asked for anew each time, since a rewriting replaces it. */
  readonly current: () => Lmdb
  /** Copies what lives into a fresh file and unlinks the old. No writer and no reader may be under way. */
  readonly rewrite: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Entries copied in one transaction. */
const batchSize = 5000

const copyAll = async (from: Lmdb, to: Lmdb): Promise<void> => {
  let batch: { readonly key: string; readonly value: Uint8Array }[] = []
  const flush = (): Promise<void> => {
    const full = batch
    batch = []
    return to.transact(({ put }) => {
      for (const { key, value } of full) put(key, value)
    })
  }
  for (const { key, value } of from.entries()) {
    batch.push({ key, value: Uint8Array.from(value) })
    if (batch.length === batchSize) await flush()
  }
  await flush()
}

const generationName = (generation: number): string => String(generation).padStart(6, '0')

/** Keeps the newest whole generation and removes the others; tells whether a rewriting had been interrupted. */
const settle = async (dir: string): Promise<{ generation: number; interrupted: boolean }> => {
  await mkdir(dir, { recursive: true })
  const names = (await readdir(dir)).filter((name) => /^\d{6}(\.new)?$/.test(name)).sort()
  const newest = names.filter((name) => /^\d{6}$/.test(name)).at(-1) ?? generationName(1)
  const leftovers = names.filter((name) => name !== newest)
  for (const name of leftovers) await rm(join(dir, name), { recursive: true })
  return { generation: Number(newest), interrupted: leftovers.some((name) => name.endsWith('.new')) }
}

/** Opens the database in a directory; finishes a rewriting that was interrupted before it took hold. */
export const openRewritableLmdb = async (dir: string): Promise<RewritableLmdb> => {
  const found = await settle(dir)
  let generation = found.generation
  let database = await openLmdb(join(dir, generationName(generation)))

  const rewrite = async (): Promise<void> => {
    const next = join(dir, generationName(generation + 1))
    const aside = `${next}.new`
    await rm(aside, { recursive: true, force: true })
    const fresh = await openLmdb(aside)
    await copyAll(database, fresh)
    await fresh.close()
    await syncDirectory(aside)
    await rename(aside, next)
    await syncDirectory(dir)
    const old = database
    database = await openLmdb(next)
    await old.close()
    await rm(join(dir, generationName(generation)), { recursive: true })
    await syncDirectory(dir)
    generation += 1
  }

  if (found.interrupted) await rewrite()
  return { current: () => database, rewrite, close: () => database.close() }
}
