import { LogError } from './logError.js'
import { lockDirectory } from './processLock.js'
import { nodeDisk, segmentName, type SegmentDisk } from './segmentDisk.js'
import { maxBodyLength } from './segmentFormat.js'
import { segmentReader, type IndexedRecord } from './segmentReader.js'
import { recover, type Cut } from './segmentRecovery.js'
import { type Position } from './segmentScan.js'
import { segmentWriter, type SegmentWriter } from './segmentWriter.js'

/** An append-only log of byte records, numbered from 0, in segment files: see segmentFormat.ts. */
export type Segments = {
  /** How many records are committed, durably, and the hash chain over them. */
  readonly committed: () => Position
  /** What was cut off at opening; null where nothing was. */
  readonly cut: Cut | null
  /** Resolves to the record's index once it is on the disk. Rejects with LogError, and is then not to be relied on. */
  readonly append: (record: Uint8Array) => Promise<number>
  /**
   * Who is told the leaves (leafHash) of each group once it is on the disk, before its appends resolve. Where he throws,
   * they reject, as after a failed write.
   */
  readonly onCommitted: (told: Told) => void
  /** Why every later append rejects; null while none does. */
  readonly failure: () => LogError | null
  readonly read: (index: number) => Promise<Uint8Array>
  /** Committed records in order; those appended meanwhile are left out. */
  readonly iterate: (from?: number) => AsyncGenerator<IndexedRecord>
  /** Waits for appends under way, closes the file, gives up the lock. */
  readonly close: () => Promise<void>
}

export type SegmentOptions = {
  /** A segment that has reached this many bytes is sealed and the next begun: 64 MiB. */
  readonly rotateBytes?: number
  /** Largest sum of record bytes written in one group: 4 MiB. */
  readonly groupBytes?: number
  /** Refuse a log with fewer records than this. */
  readonly atLeast?: number
  readonly disk?: SegmentDisk
}

type Told = (leaves: readonly Buffer[]) => void

type Waiting = {
  readonly record: Uint8Array
  readonly resolve: (index: number) => void
  readonly reject: (error: LogError) => void
}

/** The records that fit in one group, taken off the queue: always one at least. */
const takeGroup = (queue: Waiting[], groupBytes: number): Waiting[] => {
  let bytes = 0
  const over = queue.findIndex(({ record }, place) => (bytes += record.length) > groupBytes && place > 0)
  return queue.splice(0, over === -1 ? queue.length : over)
}

const failureOf = (writer: SegmentWriter, cause: unknown): LogError => {
  const where = `${segmentName(writer.headers.length)} offset ${writer.end()}`
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error'
  return new LogError('failed', `${where}: writing failed (${code}). Check the disk, then start again`, { cause })
}

/** Gathers concurrent appends into groups; once refused, by an error or by `refuse`, every later one is. */
const groupCommit = (writer: SegmentWriter, groupBytes: number) => {
  let told: Told = () => undefined
  const queue: Waiting[] = []
  let refusal: LogError | null = null
  let writing: Promise<void> | null = null

  const writeAll = async (): Promise<void> => {
    await Promise.resolve() // Appends of the same turn of the event loop share the first group.
    while (queue.length > 0) {
      const group = takeGroup(queue, groupBytes)
      try {
        const { first, leaves } = await writer.write(group.map(({ record }) => record))
        told(leaves)
        group.forEach((waiting, place) => waiting.resolve(first + place))
      } catch (error) {
        const failed = failureOf(writer, error)
        refusal = failed
        for (const waiting of [...group, ...queue.splice(0)]) waiting.reject(failed)
      }
    }
    writing = null
  }

  const append = (record: Uint8Array): Promise<number> => {
    if (refusal !== null) return Promise.reject(refusal)
    if (record.length === 0 || record.length > maxBodyLength)
      return Promise.reject(
        new LogError('bad-record', `a record of ${record.length} bytes, want 1 to ${maxBodyLength}`),
      )
    return new Promise((resolve, reject) => {
      queue.push({ record: Uint8Array.from(record), resolve, reject })
      writing ??= writeAll()
    })
  }

  const finish = async (): Promise<void> => {
    refusal ??= new LogError('closed', 'the log was closed: open it again')
    await writing
  }
  const onCommitted = (next: Told): void => {
    told = next
  }
  return { append, finish, onCommitted, failure: () => refusal }
}

/**
 * Opens the log in a directory for this process alone. Throws LogError: `held`, `damaged`, `shorter`.
 * After a failed write or sync every append rejects with `failed` until the log is closed and opened again: what the
 * disk took is then read from it anew, never assumed.
 */
export const openSegments = async (dir: string, options: SegmentOptions = {}): Promise<Segments> => {
  const { rotateBytes = 64 * 2 ** 20, groupBytes = 4 * 2 ** 20, atLeast = 0, disk = nodeDisk } = options
  const unlock = await lockDirectory(dir)
  const recovered = await recover(dir, atLeast, disk).catch(async (error: unknown) => {
    await unlock()
    throw error
  })
  const writer = segmentWriter(dir, recovered, rotateBytes, disk)
  const reader = segmentReader(dir, writer.headers, writer.offsets)
  const { append, finish, onCommitted, failure } = groupCommit(writer, groupBytes)
  return {
    committed: writer.committed,
    cut: recovered.cut,
    append,
    onCommitted,
    failure,
    read: (index) => reader.read(index, writer.committed().count),
    iterate: (from = 0) => reader.iterate(from, writer.committed().count),
    close: async () => {
      await finish()
      reader.close()
      await writer.close()
      await unlock()
    },
  }
}
