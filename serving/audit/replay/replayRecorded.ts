import { decodeEntry } from '../../../audit/entry.js'
import { type RecordedBytes } from '../../../audit/recordedBytes.js'
import { replay, type Replayed } from '../../../audit/replay.js'
import { type Kept, NotKept } from './kept.js'

/** A recorded decision decided again, from what was kept. */
export async function replayRecorded(
  { bytes, opened }: RecordedBytes,
  kept: Kept,
  { strict }: { readonly strict: boolean },
): Promise<Replayed> {
  const entry = decodeEntry(bytes)
  if (entry.type !== 'decision') throw new Error(`a replay wants a decision, and got an entry of type ${entry.type}`)
  if (opened === 'erased') return { result: 'erased' }
  if ('lost' in opened) return { result: 'unavailable', missing: 'inputs', detail: opened.lost }
  try {
    const pack = await kept.pack(entry.packDigest)
    const catalogue = await kept.catalogue(entry.catalogue)
    const release = await kept.release(entry.release, strict)
    return replay({ entry, bytes, opened }, { release, catalogue, pack }, { strict })
  } catch (error) {
    if (error instanceof NotKept) return { result: 'unavailable', missing: error.missing, detail: error.message }
    throw error
  }
}
