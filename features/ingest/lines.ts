import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { errorCode } from './errorCode.js'
import { IngestError } from './report.js'

export type Progress = (file: string, done: number, total: number | null) => void

const sizeOf = async (path: string): Promise<number | null> => {
  try {
    const handle = await open(path, 'r')
    try {
      return (await handle.stat()).size
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
}

/** `file` or `file.gz`, whichever the folder holds, with its size in bytes; null where it holds neither. */
export async function findFile(dir: string, file: string): Promise<{ file: string; bytes: number } | null> {
  for (const name of [file, `${file}.gz`]) {
    const bytes = await sizeOf(join(dir, name))
    if (bytes !== null) return { file: name, bytes }
  }
  return null
}

function bytesOf(path: string): { raw: ReturnType<typeof createReadStream>; text: Readable } {
  const raw = createReadStream(path, { highWaterMark: 256 * 1024 })
  if (!path.endsWith('.gz')) return { raw, text: raw.setEncoding('utf8') }
  const gunzip = createGunzip({ chunkSize: 256 * 1024 })
  raw.on('error', (error) => gunzip.destroy(error))
  return { raw, text: raw.pipe(gunzip).setEncoding('utf8') }
}

/**
 * The physical lines of a UTF-8 file (`.gz` is unpacked), a chunk's worth at a time, without LF or CRLF and without a
 * byte-order mark. Rejects as the file system does, and with IngestError `DAMAGED` where a `.gz` cannot be unpacked.
 */
export async function* linesOf(
  dir: string,
  { file, bytes }: { file: string; bytes: number },
  onProgress?: Progress,
): AsyncGenerator<readonly string[]> {
  const { raw, text } = bytesOf(join(dir, file))
  let rest = ''
  let first = true
  for await (const chunk of unpacked(text, file)) {
    let piece = String(chunk)
    if (first && piece.startsWith('\uFEFF')) piece = piece.slice(1)
    first = false
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    yield lines.map(withoutCarriageReturn)
    onProgress?.(file, raw.bytesRead, bytes)
  }
  if (rest !== '') yield [withoutCarriageReturn(rest)]
  onProgress?.(file, bytes, bytes)
}

async function* unpacked(text: Readable, file: string): AsyncGenerator<unknown> {
  try {
    yield* text
  } catch (error) {
    // zlib's codes: Z_DATA_ERROR for what is no gzip, Z_BUF_ERROR for a file that was cut short.
    if (!errorCode(error).startsWith('Z_')) throw error
    const what = errorCode(error) === 'Z_BUF_ERROR' ? 'the file was cut short' : 'this is no gzip file'
    throw new IngestError('DAMAGED', `${file}: ${what} (${errorCode(error)}); get it again, whole`)
  }
}

const withoutCarriageReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line)
