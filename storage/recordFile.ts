import { constants, open } from 'node:fs/promises'
import { nodeDisk, type SegmentDisk } from './segmentDisk.js'

/** Records that wait in memory before they are written together. */
const waitingAtMost = 4096

/**
 * A file of records of one length, numbered from 0, that are derived from elsewhere: new ones are written some time
 * later, and durable after `sync`. After a failed write every later call rejects.
 */
export type RecordFile = {
  /** With those that still wait to be written. */
  readonly count: () => number
  /** Throws where an earlier writing failed. */
  readonly push: (record: Buffer) => void
  readonly read: (number: number) => Promise<Buffer>
  /** Leaves the first `count` records; nothing waits to be written when it is called. */
  readonly cutTo: (count: number) => Promise<void>
  /** Writes what waits. */
  readonly flush: () => Promise<void>
  /** As `flush`; what was pushed before is on the disk when it resolves. */
  readonly sync: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Opens the file, making it where it is absent. Its directory must exist; one process at a time. */
export const openRecordFile = async (
  path: string,
  recordLength: number,
  disk: SegmentDisk = nodeDisk,
): Promise<RecordFile> => {
  const file = await open(path, constants.O_RDWR | constants.O_CREAT)
  let written = Math.floor((await file.stat()).size / recordLength)
  const waiting: Buffer[] = []
  let writing: Promise<void> | null = null
  let fault: unknown = null

  const writeWaiting = async (): Promise<void> => {
    const batch = [...waiting]
    await disk.write(file, Buffer.concat(batch), written * recordLength)
    written += batch.length
    waiting.splice(0, batch.length)
  }

  const writeAll = async (): Promise<void> => {
    try {
      while (waiting.length > 0) await writeWaiting()
    } catch (error) {
      fault = error
    } finally {
      writing = null
    }
  }

  const flush = async (): Promise<void> => {
    await (writing ??= writeAll())
    if (fault !== null) throw fault as Error
  }

  return {
    count: () => written + waiting.length,
    push: (record) => {
      if (fault !== null) throw fault as Error
      waiting.push(record)
      if (waiting.length >= waitingAtMost) writing ??= writeAll()
    },
    read: async (number) => {
      const inMemory = waiting[number - written]
      if (inMemory !== undefined) return inMemory
      const record = Buffer.alloc(recordLength)
      const { bytesRead } = await file.read(record, 0, recordLength, number * recordLength)
      if (bytesRead < recordLength) throw new Error(`the file holds ${written} records, none of number ${number}`)
      return record
    },
    cutTo: async (count) => {
      await file.truncate(count * recordLength)
      written = count
    },
    flush,
    sync: async () => {
      await flush()
      await disk.datasync(file)
    },
    close: async () => {
      try {
        await flush()
      } finally {
        await file.close()
      }
    },
  }
}
