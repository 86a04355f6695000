import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { generationName } from '../../storage/generations.js'
import { makeDirectory } from '../../storage/makeDirectory.js'
import { syncDirectory } from '../../storage/replaceFile.js'
import { openSegments, type SegmentOptions, type Segments } from '../../storage/segments.js'
import { type JournalEntry } from './entries.js'

/** What was taken in and may not be in the history yet: segments (storage/segments.ts) of JSON, a folder a sealing. */
export type Journal = {
  /** What former processes left, in order; it goes with the next sealing. */
  readonly found: readonly JournalEntry[]
  /** What opening cut off a torn end, in words: nothing of it was acknowledged. Null where nothing was. */
  readonly cut: string | null
  /** Durable when resolved. Rejects with LogError, and is then not to be relied on. */
  readonly append: (entry: JournalEntry) => Promise<void>
  /** Later entries go into a folder of their own; resolves to what deletes those before, once they are elsewhere. */
  readonly seal: () => Promise<() => Promise<void>>
  readonly close: () => Promise<void>
}

/** Rows were checked by the schema before they were appended, and their bytes by the segments' CRC. */
const decode = (bytes: Uint8Array): JournalEntry => JSON.parse(Buffer.from(bytes).toString()) as JournalEntry

/** What follows the name of a folder that is being deleted: half of its segments would look like damage. */
const going = '.old'

const remove = async (dir: string, generation: number): Promise<void> => {
  const folder = join(dir, generationName(generation))
  await rename(folder, `${folder}${going}`)
  await rm(`${folder}${going}`, { recursive: true })
  await syncDirectory(dir)
}

const generationsOf = async (dir: string): Promise<readonly number[]> => {
  const names = await readdir(dir)
  for (const name of names.filter((each) => each.endsWith(going))) await rm(join(dir, name), { recursive: true })
  return names
    .filter((name) => /^\d{6,}$/.test(name))
    .map(Number)
    .sort((a, b) => a - b)
}

const readGeneration = async (dir: string, options: SegmentOptions) => {
  const segments = await openSegments(dir, options)
  try {
    const entries: JournalEntry[] = []
    for await (const { bytes } of segments.iterate()) entries.push(decode(bytes))
    return { entries, cut: segments.cut?.words ?? null }
  } finally {
    await segments.close()
  }
}

/** Opens (and makes) the journal in a directory that the caller holds. Throws LogError: `damaged`. */
export const openJournal = async (dir: string, options: SegmentOptions = {}): Promise<Journal> => {
  await makeDirectory(dir)
  let kept = await generationsOf(dir)
  const found: JournalEntry[] = []
  let cut: string | null = null
  for (const generation of kept) {
    const read = await readGeneration(join(dir, generationName(generation)), options)
    found.push(...read.entries)
    cut = read.cut ?? cut
  }
  let next = (kept.at(-1) ?? 0) + 1
  let current: Promise<Segments> | null = null

  const begin = async (): Promise<Segments> => {
    const generation = next
    next += 1
    kept = [...kept, generation]
    const folder = join(dir, generationName(generation))
    await makeDirectory(folder)
    return openSegments(folder, options)
  }

  const end = async (): Promise<void> => {
    const ending = current
    current = null
    await (await ending)?.close()
  }

  return {
    found,
    cut,
    append: async (entry) => {
      current ??= begin()
      await (await current).append(Buffer.from(JSON.stringify(entry)))
    },
    seal: async () => {
      await end()
      const sealed = kept
      return async () => {
        for (const generation of sealed) {
          if (!kept.includes(generation)) continue
          await remove(dir, generation)
          kept = kept.filter((each) => each !== generation)
        }
      }
    },
    close: end,
  }
}
