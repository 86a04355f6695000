import { join } from 'node:path'
import { generationName, nextGeneration, removeGeneration, settleGenerations } from './generations.js'
import { openLmdb, type Lmdb } from './lmdb.js'

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

/** Opens the database in a directory; finishes a rewriting that was interrupted before it took hold. */
export const openRewritableLmdb = async (dir: string): Promise<RewritableLmdb> => {
  const found = await settleGenerations(dir)
  let generation = found.generation
  let database = await openLmdb(join(dir, generationName(generation)))

  const rewrite = async (): Promise<void> => {
    const next = await nextGeneration(dir, generation, async (folder) => {
      const fresh = await openLmdb(folder)
      await copyAll(database, fresh)
      await fresh.close()
    })
    const old = database
    database = await openLmdb(next)
    await old.close()
    await removeGeneration(dir, generation)
    generation += 1
  }

  if (found.interrupted) await rewrite()
  return { current: () => database, rewrite, close: () => database.close() }
}
