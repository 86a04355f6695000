import { mkdir, open, readFile, rename, truncate } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { ModelConfig } from '../models/config.js'
import { syncDirectory } from '../../storage/replaceFile.js'

/** What a search is of: one that goes on must be the same search over the same data. */
export const Search = z.strictObject({
  v: z.literal(1),
  space: z.string(),
  seed: z.int(),
  budget: z.int().min(1),
  /** ms UTC: learnt from and judged on what was known before. */
  asOf: z.number(),
  data: z.string(),
})
export type Search = z.infer<typeof Search>

/** One config, judged once. */
export const Trial = z.strictObject({
  trial: z.int().min(0),
  rung: z.int().min(0),
  share: z.number().positive().max(1),
  config: ModelConfig,
  /** Higher is better; null: it could not be fitted, and comes last. */
  score: z.number().nullable(),
  metrics: z.record(z.string(), z.number()),
  seconds: z.number().min(0),
  fault: z.string().optional(),
})
export type Trial = z.infer<typeof Trial>

export type Journal = {
  readonly search: Search
  /** Of before, in their order. */
  readonly trials: readonly Trial[]
  /** Durable when resolved. */
  readonly append: (trial: Trial) => Promise<void>
  readonly close: () => Promise<void>
}

type Read = { readonly search: Search; readonly trials: readonly Trial[]; readonly bytes: number }

/**
 * What a journal holds; null where there is none. A last line without its end was cut short, and does not count. Throws
 * an Error for any other line that is none.
 */
export async function readJournal(file: string): Promise<Read | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  const [first, ...lines] = whole.split('\n').slice(0, -1)
  if (first === undefined) return null
  const parsed = <T>(schema: z.ZodType<T>, line: string, at: number): T => {
    try {
      return schema.parse(JSON.parse(line))
    } catch (cause) {
      throw new Error(`the journal of the search, line ${at}: it is damaged; begin again without --resume`, { cause })
    }
  }
  const trials = lines.map((line, at) => parsed(Trial, line, at + 2))
  return { search: parsed(Search, first, 1), trials, bytes: Buffer.byteLength(whole) }
}

/** Begins a journal; one that stands there already is kept beside it, as `.before`. */
export async function beginJournal(file: string, search: Search): Promise<Journal> {
  await mkdir(dirname(file), { recursive: true })
  await rename(file, `${file}.before`).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  const journal = await journalAt(file, { search, trials: [], bytes: 0 })
  await journal.write(search)
  await syncDirectory(dirname(file))
  return journal
}

/** Goes on with a journal, less the end of a line that was cut short. */
export async function continueJournal(file: string, read: Read): Promise<Journal> {
  await truncate(file, read.bytes)
  return journalAt(file, read)
}

async function journalAt(file: string, { search, trials }: Read) {
  const handle = await open(file, 'a')
  const write = async (line: unknown): Promise<void> => {
    await handle.appendFile(`${JSON.stringify(line)}\n`)
    await handle.sync()
  }
  return { search, trials, write, append: (trial: Trial) => write(trial), close: () => handle.close() }
}
