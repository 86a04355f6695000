import { open, readdir, readFile, rename, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { LogError } from './logError.js'
import { makeDirectory } from './makeDirectory.js'
import { encodeHeader, headerLength, type SegmentHeader } from './segmentFormat.js'

/** The three operations whose failure closes a log; a test hands in failing ones. */
export type SegmentDisk = {
  /** Writes all the bytes at an offset of the file. */
  readonly write: (file: FileHandle, bytes: Uint8Array, offset: number) => Promise<void>
  /** The bytes and the length are on the disk when it resolves. */
  readonly datasync: (file: FileHandle) => Promise<void>
  readonly sync: (file: FileHandle) => Promise<void>
}

export const nodeDisk: SegmentDisk = {
  write: async (file, bytes, offset) => {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await file.write(bytes, done, bytes.length - done, offset + done)
      done += bytesWritten
    }
  },
  datasync: (file) => file.datasync(),
  sync: (file) => file.sync(),
}

export const segmentName = (number: number): string => `${String(number).padStart(8, '0')}.seg`

/** A new, renamed or removed file is durable only when its directory is synced too. */
export const syncDirectory = async (dir: string, disk: SegmentDisk = nodeDisk): Promise<void> => {
  const directory = await open(dir, 'r')
  try {
    await disk.sync(directory)
  } finally {
    await directory.close()
  }
}

/** How many segments a directory holds, numbered from 1 without a gap. Throws LogError `damaged` at a gap. */
export const countSegments = async (dir: string): Promise<number> => {
  await makeDirectory(dir)
  const names = (await readdir(dir)).filter((name) => /^\d{8}\.seg$/.test(name)).sort()
  names.forEach((name, place) => {
    const want = segmentName(place + 1)
    if (name !== want)
      throw new LogError('damaged', `segment ${want} is missing before ${name}: restore it from a backup`)
  })
  return names.length
}

export const readSegment = (dir: string, number: number): Promise<Buffer> => readFile(join(dir, segmentName(number)))

/** Makes a segment with its header, written aside and renamed, so that no half header is ever seen. */
export const createSegment = async (dir: string, header: SegmentHeader, disk: SegmentDisk): Promise<FileHandle> => {
  const path = join(dir, segmentName(header.number))
  const aside = `${path}.new`
  await rm(aside, { force: true })
  const file = await open(aside, 'wx+')
  try {
    await disk.write(file, encodeHeader(header), 0)
    await disk.sync(file)
    await rename(aside, path)
    await syncDirectory(dir, disk)
  } catch (error) {
    await file.close()
    throw error
  }
  return file
}

/** The first bytes of a segment, to read its header. */
export const readHeaderBytes = async (dir: string, number: number): Promise<Buffer> =>
  readRange(dir, number, 0, headerLength)

/** Up to `length` bytes of a segment from `offset` on; fewer where the file ends. */
export const readRange = async (dir: string, number: number, offset: number, length: number): Promise<Buffer> => {
  const file = await open(join(dir, segmentName(number)), 'r')
  try {
    const bytes = Buffer.alloc(length)
    const { bytesRead } = await file.read(bytes, 0, length, offset)
    return bytes.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
