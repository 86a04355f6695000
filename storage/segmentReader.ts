import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { LogError } from './logError.js'
import { readSegment, segmentName } from './segmentDisk.js'
import { crcHolds, headLength, readHead, type SegmentHeader } from './segmentFormat.js'
import { entryOffsets } from './segmentScan.js'

/** A record with its index, from 0. */
export type IndexedRecord = { readonly index: number; readonly bytes: Uint8Array }

const damaged = (number: number, offset: number, index: number): LogError =>
  new LogError(
    'damaged',
    `${segmentName(number)} offset ${offset}, record ${index} does not check: ` +
      'find every fault with `aptus audit verify` and restore the segment from a backup',
  )

/** The body of the record at an offset, its CRC and index checked. */
const bodyAt = (bytes: Buffer, at: number, number: number, offset: number, index: number): Uint8Array => {
  const head = readHead(bytes, at)
  if (head === null || head.index !== index || !crcHolds(bytes, at, head.end)) throw damaged(number, offset, index)
  return Uint8Array.from(bytes.subarray(head.bodyStart, head.end))
}

/** Segments kept open for single reads, and how much of a record is read before its length is known. */
const openAtOnce = 32
const firstBytes = 4096

/** Files of a directory, opened once. A read from the page cache takes microseconds, a tenth of a turn of the thread pool. */
const segmentFiles = (dir: string) => {
  const files = new Map<number, number>()

  const fileOf = (number: number): number => {
    const known = files.get(number)
    if (known !== undefined) return known
    const [oldest] = files
    if (files.size >= openAtOnce && oldest !== undefined) {
      files.delete(oldest[0])
      closeSync(oldest[1])
    }
    const file = openSync(join(dir, segmentName(number)), 'r')
    files.set(number, file)
    return file
  }

  return {
    /** Up to `length` bytes from `offset` on; fewer where the file ends. */
    read: (number: number, offset: number, length: number): Buffer => {
      const bytes = Buffer.allocUnsafe(length)
      return bytes.subarray(0, readSync(fileOf(number), bytes, 0, length, offset))
    },
    close: (): void => {
      for (const file of files.values()) closeSync(file)
      files.clear()
    },
  }
}

/**
 * Reads committed records of a log whose segments begin as `headers` say. `offsets` holds each segment's entry offsets
 * as far as they are known; those of a sealed segment are found when it is first read (4 bytes or so a record are kept).
 */
export const segmentReader = (dir: string, headers: readonly SegmentHeader[], offsets: Map<number, number[]>) => {
  const files = segmentFiles(dir)

  /** Segments begin at ascending indices: the last that begins at or before the record holds it. */
  const holderOf = (index: number): SegmentHeader | undefined => {
    let [low, high] = [0, headers.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((headers[middle]?.firstIndex ?? Infinity) <= index) low = middle + 1
      else high = middle
    }
    return headers[low - 1]
  }

  const offsetsOf = async (number: number): Promise<readonly number[]> => {
    const known = offsets.get(number)
    if (known !== undefined) return known
    const found = entryOffsets(await readSegment(dir, number))
    offsets.set(number, found)
    return found
  }

  const read = async (index: number, count: number): Promise<Uint8Array> => {
    const holder = holderOf(index)
    if (holder === undefined || !Number.isInteger(index) || index < 0 || index >= count)
      throw new LogError('absent', `no record ${index}: the log holds ${count}, counted from 0`)
    const offset = (await offsetsOf(holder.number))[index - holder.firstIndex]
    if (offset === undefined) throw damaged(holder.number, 0, index)
    const start = files.read(holder.number, offset, firstBytes)
    const length = start.length < headLength ? 0 : headLength + start.readUIntBE(1, 3)
    const bytes = length <= start.length ? start : files.read(holder.number, offset, length)
    return bodyAt(bytes, 0, holder.number, offset, index)
  }

  /** Records `from` to `count`, a segment read at a time. */
  async function* iterate(from: number, count: number): AsyncGenerator<IndexedRecord> {
    if (from >= count) return
    const first = holderOf(from)?.number ?? 1
    for (const { number, firstIndex } of headers.slice(first - 1)) {
      const [bytes, places] = [await readSegment(dir, number), await offsetsOf(number)]
      for (let index = Math.max(from, firstIndex); index < Math.min(count, firstIndex + places.length); index++) {
        const offset = places[index - firstIndex] ?? 0
        yield { index, bytes: bodyAt(bytes, offset, number, offset, index) }
      }
    }
  }

  return { read, iterate, close: files.close }
}
