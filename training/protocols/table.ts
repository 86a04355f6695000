import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { CsvError, parse } from 'csv-parse/sync'

/** A file's text, unpacked where its name ends in .gz. Throws an Error that names the file. */
export async function readText(path: string): Promise<string> {
  try {
    const bytes = await readFile(path)
    return new TextDecoder('utf-8', { fatal: true }).decode(path.endsWith('.gz') ? gunzipSync(bytes) : bytes)
  } catch (error) {
    const code = (error as { code?: string }).code
    if (code === 'ENOENT') throw new Error(`${basename(path)}: no such file; give the path of an existing one`)
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw new Error(`${basename(path)}: not UTF-8; convert it`, { cause: error })
    throw new Error(`${basename(path)}: cannot be read (${code ?? String(error)})`, { cause: error })
  }
}

/**
 * The named columns of a CSV file with a header (RFC 4180), a tuple a row, in the order asked for.
 * Throws an Error that names the file, and the column that is missing or the line that cannot be parsed.
 */
export async function readColumns(path: string, columns: readonly string[]): Promise<string[][]> {
  const file = basename(path)
  const [header = [], ...rows] = parseRows(await readText(path), file)
  const at = columns.map((column) => {
    const index = header.indexOf(column)
    if (index < 0) throw new Error(`${file} line 1: no column ${column}; its columns are ${header.join(', ')}`)
    return index
  })
  return rows.map((row) => at.map((index) => row[index] ?? ''))
}

/** The same where the file is there and has them; else null. Throws an Error for a file that cannot be read. */
export async function readColumnsIfAny(path: string, columns: readonly string[]): Promise<string[][] | null> {
  if (!existsSync(path)) return null
  const [header = []] = parseRows(await readText(path), basename(path))
  return columns.every((column) => header.includes(column)) ? readColumns(path, columns) : null
}

function parseRows(text: string, file: string): string[][] {
  try {
    return parse(text, { bom: true, skip_empty_lines: true })
  } catch (error) {
    if (error instanceof CsvError) throw new Error(`${file}: ${error.message}`, { cause: error })
    throw error
  }
}
