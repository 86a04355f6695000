import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename } from 'node:path'

/** Appends rows of fields to the file; fields are quoted where RFC 4180 wants it. */
export type AppendRows = (rows: readonly (readonly (string | number)[])[]) => Promise<void>

const field = (value: string | number): string => {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/**
 * Lets `produce` write a CSV file, which appears under its name only when it is whole. Without a path the rows go
 * nowhere. Throws an Error that names the file where it cannot be made, and what `produce` throws.
 */
export async function writeRows<T>(
  path: string | null,
  header: readonly string[],
  produce: (append: AppendRows) => Promise<T>,
): Promise<T> {
  if (path === null) return produce(() => Promise.resolve())
  const aside = `${path}.${randomBytes(4).toString('hex')}.part`
  const file = await open(aside, 'wx').catch((error: { code?: string }) => {
    throw new Error(`${basename(path)}: cannot be written (${error.code}); give a path in an existing directory`)
  })
  try {
    const append: AppendRows = async (rows) => {
      if (rows.length > 0) await file.write(rows.map((row) => `${row.map(field).join(',')}\n`).join(''))
    }
    await append([header])
    const result = await produce(append)
    await file.sync()
    await file.close()
    await rename(aside, path)
    return result
  } catch (error) {
    await file.close()
    await rm(aside, { force: true })
    throw error
  }
}
