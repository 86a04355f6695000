import { join } from 'node:path'
import { rm } from 'node:fs/promises'
import { type Cell, openDuckDb } from '../../storage/duckdb.js'
import { type IdentifierCipher, IdentifierError } from '../../storage/identifierCipher.js'
import { type EventId, type InvestorId } from '../schema/ids.js'
import { type Investor } from '../schema/investor.js'
import { type DataFile, type Manifest, readManifest, writeManifest } from './manifest.js'
import { type Place, spillName, sweep, writeParquet } from './parquet.js'
import { identifiersOf } from './protectedHistory.js'
import { columns, createTable, readParquet } from './tables.js'

/** From which cipher to which; null: in clear. */
export type Rekeying = readonly [from: IdentifierCipher | null, to: IdentifierCipher | null]

/** A row's identifiers as they are to be; those that are already stay. Throws IdentifierError where they are of neither. */
function rekeyed([from, to]: Rekeying) {
  const [before, after] = [from, to].map((cipher) => (cipher === null ? null : identifiersOf(cipher)))
  const isDone = (id: string): boolean => {
    try {
      if (to !== null) to.textOf(id)
      else if (from !== null) return !isOf(from, id)
      return to !== null
    } catch (error) {
      if (error instanceof IdentifierError) return false
      throw error
    }
  }
  const id = <Id extends InvestorId | EventId>(held: Id): Id => {
    if (isDone(held)) return held
    const clear = before ? before.ofId(held) : held
    return after ? after.id(clear) : clear
  }
  const record = (held: string): string => {
    const value = JSON.parse(held) as Investor
    if (isDone(value.id)) return held
    const clear = before ? before.ofProfile(value) : value
    return JSON.stringify(after ? after.profile(clear) : clear)
  }
  const payload = (held: string): string => {
    const { cancels, ...others } = JSON.parse(held) as { readonly cancels?: EventId }
    return cancels === undefined ? held : JSON.stringify({ ...others, cancels: id(cancels) })
  }
  return { id, record, payload }
}

function isOf(cipher: IdentifierCipher, id: string): boolean {
  try {
    cipher.textOf(id)
    return true
  } catch (error) {
    if (error instanceof IdentifierError) return false
    throw error
  }
}

const cellOf = (type: string, value: unknown): Cell =>
  value === null
    ? null
    : typeof value === 'string'
      ? value
      : type === 'DOUBLE'
        ? { real: Number(value) }
        : Number(value)

async function rekeyFile(place: Place, file: DataFile, change: ReturnType<typeof rekeyed>): Promise<DataFile> {
  if (file.kind === 'navs') return file
  const { database } = place
  const of = columns[file.kind]
  const held = new Set(
    (await database.rows(`DESCRIBE SELECT * FROM ${readParquet([join(place.dir, file.name)])}`)).map(([name]) => name),
  )
  const selected = of.map(([name]) => (held.has(name) ? name : `NULL AS ${name}`)).join(', ')
  await database.run(createTable('rekeyed', file.kind))
  try {
    for await (const chunk of database.stream(`SELECT ${selected} FROM ${readParquet([join(place.dir, file.name)])}`)) {
      const rows = Array.from({ length: chunk[0]?.length ?? 0 }, (_, row) =>
        of.map(([name, type], column) => {
          const value = chunk[column]?.[row] ?? null
          if (name === 'id' || name === 'investor_id' || name === 'event_id')
            return change.id(String(value) as InvestorId)
          if (name === 'payload' && typeof value === 'string') return change.payload(value)
          return name === 'record' ? change.record(String(value)) : cellOf(type, value)
        }),
      )
      await database.append('rekeyed', rows)
    }
    const written = await writeParquet(place, file.kind, 'rekeyed')
    if (written === null) throw new Error(`history/${file.name} is empty: restore it from a backup`)
    return written
  } finally {
    await database.run('DROP TABLE rekeyed')
  }
}

/**
 * Writes every file of a history with its identifiers under another cipher, then lists these instead, at once; may be
 * repeated. For a directory that nobody else has open. `told`: files done, of how many.
 */
export async function rekeyHistory(
  dir: string,
  rekeying: Rekeying,
  told: (done: number, total: number) => void = () => undefined,
): Promise<void> {
  const spill = join(dir, spillName())
  const database = await openDuckDb(spill)
  try {
    const manifest: Manifest = await readManifest(dir)
    const change = rekeyed(rekeying)
    const files: DataFile[] = []
    for (const file of manifest.files) {
      files.push(await rekeyFile({ dir, database }, file, change))
      told(files.length, manifest.files.length)
    }
    const next = { ...manifest, files }
    await writeManifest(dir, next)
    await sweep(dir, next)
  } finally {
    await database.close()
    await rm(spill, { recursive: true, force: true })
  }
}
