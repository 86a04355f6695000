import { join } from 'node:path'
import { generationName, nextGeneration, removeGeneration, settleGenerations } from '../storage/generations.js'
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

/** Opens the log in a directory, which the caller holds. Throws LogError: `damaged`, `shorter`. */
export const openSealedLog = async (dir: string, options: SegmentOptions): Promise<SealedLog> => {
  let { generation } = await settleGenerations(dir)
  let parts = await openParts(join(dir, generationName(generation)), options)
  const { cut } = parts.segments

  const append = async ({ segments, index }: Parts, record: SealedRecord): Promise<void> => {
    index.add(await segments.append(encodeSealed(record)), record.entryId)
  }

  const rewrite = async (isKept: (pseudonym: Pseudonym) => boolean): Promise<void> => {
    const next = await nextGeneration(dir, generation, async (folder) => {
      const fresh = await openParts(folder, options)
      for await (const { bytes } of parts.segments.iterate()) {
        const record = decodeSealed(bytes)
        if (isKept(record.pseudonym)) await append(fresh, record)
      }
      await closeParts(fresh)
    })
    await closeParts(parts)
    parts = await openParts(next, options)
    await removeGeneration(dir, generation)
    generation += 1
  }

  return {
    has: (entryId) => parts.index.find(entryId) !== undefined,
    append: (record) => append(parts, record),
    get: async (entryId) => {
      const place = parts.index.find(entryId)
      return place === undefined ? null : decodeSealed(await parts.segments.read(place))
    },
    rewrite,
    cut,
    close: () => closeParts(parts),
  }
}
