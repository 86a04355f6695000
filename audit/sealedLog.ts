import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type LogError } from '../storage/logError.js'
import { syncDirectory } from '../storage/segmentDisk.js'
import { type Cut } from '../storage/segmentRecovery.js'
import { openSegments, type SegmentOptions, type Segments } from '../storage/segments.js'
import { type Pseudonym } from './commitment.js'
import { type LedgerIndexStore, openLedgerIndex } from './ledgerIndex.js'
import { decodeSealed, encodeSealed, type SealedRecord } from './personKeys.js'

/** What entries sealed, encrypted, as it came: append-only, with an index by the entry's id. */
export type SealedLog = {
  readonly has: (entryId: string) => boolean
  /** Durable when resolved; appends under way at once share one fdatasync. Rejects with LogError. */
  readonly append: (record: SealedRecord) => Promise<void>
  /** Null where nothing of that entry is kept. */
  readonly get: (entryId: string) => Promise<SealedRecord | null>
  /** Why nothing can be appended until it is opened again; null while it can. */
  readonly failure: () => LogError | null
  /** Writes the log anew with those that are to be kept; nothing else may be under way. */
  readonly rewrite: (isKept: (pseudonym: Pseudonym) => boolean) => Promise<void>
  /** What opening cut off a torn end; null where nothing was. */
  readonly cut: Cut | null
  readonly close: () => Promise<void>
}

type Parts = { readonly segments: Segments; readonly index: LedgerIndexStore }

const openParts = async (dir: string, options: SegmentOptions): Promise<Parts> => {
  const index = await openLedgerIndex(join(dir, 'index'))
  try {
    const segments = await openSegments(join(dir, 'log'), { ...options, atLeast: index.stored })
    for await (const { index: place, bytes } of segments.iterate(index.stored))
      index.add(place, decodeSealed(bytes).entryId)
    return { segments, index }
  } catch (error) {
    await index.close()
    throw error
  }
}

const closeParts = async ({ segments, index }: Parts): Promise<void> => {
  await segments.close()
  await index.close()
}

/** A rewriting makes the next generation beside and renames it: the newest whole one counts, and is alone kept. */
const generationName = (generation: number): string => String(generation).padStart(6, '0')

const newestGeneration = async (dir: string): Promise<number> => {
  await mkdir(dir, { recursive: true })
  const names = (await readdir(dir)).filter((name) => /^\d{6}(\.new)?$/.test(name)).sort()
  const newest = names.filter((name) => /^\d{6}$/.test(name)).at(-1) ?? generationName(1)
  for (const name of names) if (name !== newest) await rm(join(dir, name), { recursive: true })
  return Number(newest)
}

/** Opens the log in a directory, which the caller holds. Throws LogError: `damaged`, `shorter`. */
export const openSealedLog = async (dir: string, options: SegmentOptions): Promise<SealedLog> => {
  let generation = await newestGeneration(dir)
  let parts = await openParts(join(dir, generationName(generation)), options)
  const { cut } = parts.segments

  const append = async ({ segments, index }: Parts, record: SealedRecord): Promise<void> => {
    index.add(await segments.append(encodeSealed(record)), record.entryId)
  }

  const rewrite = async (isKept: (pseudonym: Pseudonym) => boolean): Promise<void> => {
    const [old, next] = [generationName(generation), generationName(generation + 1)]
    await rm(join(dir, `${next}.new`), { recursive: true, force: true })
    const fresh = await openParts(join(dir, `${next}.new`), options)
    for await (const { bytes } of parts.segments.iterate()) {
      const record = decodeSealed(bytes)
      if (isKept(record.pseudonym)) await append(fresh, record)
    }
    await closeParts(fresh)
    await rename(join(dir, `${next}.new`), join(dir, next))
    await syncDirectory(dir)
    await closeParts(parts)
    generation += 1
    parts = await openParts(join(dir, next), options)
    await rm(join(dir, old), { recursive: true })
    await syncDirectory(dir)
  }

  return {
    has: (entryId) => parts.index.find(entryId) !== undefined,
    append: (record) => append(parts, record),
    get: async (entryId) => {
      const place = parts.index.find(entryId)
      return place === undefined ? null : decodeSealed(await parts.segments.read(place))
    },
    failure: () => parts.segments.failure(),
    rewrite,
    cut,
    close: () => closeParts(parts),
  }
}
