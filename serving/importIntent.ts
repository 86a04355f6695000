import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type History } from '../features/history/port.js'
import { type ImportReport, rejectedCsv } from '../features/ingest/report.js'
import { type CatalogueLog, Prepared } from '../features/store/catalogueLog.js'
import { replaceFile, syncDirectory } from '../storage/replaceFile.js'

/**
 * An import changes two files that are each replaced as a whole: the history's manifest, and after it the catalogue's
 * list. What is to become of the second is written down before the first, so that a crash between them is made good.
 */
const Intent = z.strictObject({
  v: z.literal(1),
  /** The history's, before: it has moved if the import's rows are visible. */
  sequence: z.int().min(0),
  /** Profiles, events and NAVs; where there are none the catalogue alone changes. */
  rows: z.int().min(0),
  catalogue: Prepared,
})
export type Intent = z.infer<typeof Intent>

const intentName = 'intent.json'
const incoming = '.incoming'

/** Numbers go on after the largest, whichever folders were deleted. */
async function nextName(parent: string, source: string): Promise<string> {
  await mkdir(parent, { recursive: true })
  const numbers = (await readdir(parent)).map((name) => Number(/^(\d+)-/.exec(name)?.[1] ?? 0))
  return `${String(Math.max(0, ...numbers) + 1).padStart(4, '0')}-${source}`
}

/** Makes `imports/N-SOURCE` with report, rejected lines and intent, whole or not at all; resolves to its name. */
export async function keepImport(parent: string, report: ImportReport, intent: Omit<Intent, 'v'>): Promise<string> {
  const name = await nextName(parent, report.source)
  const aside = join(parent, `${name}${incoming}`)
  await mkdir(aside)
  const { rejected, ...rest } = report
  const words = JSON.stringify({ ...rest, rejected: rejected.length }, null, 2)
  await replaceFile(join(aside, 'report.json'), `${words}\n`)
  if (rejected.length > 0) await replaceFile(join(aside, 'rejected.csv'), [...rejectedCsv(rejected)].join(''))
  await replaceFile(join(aside, intentName), `${JSON.stringify({ v: 1, ...intent } satisfies Intent)}\n`)
  await rename(aside, join(parent, name))
  await syncDirectory(parent)
  return name
}

/** The second half of an import whose history is committed; may be repeated. */
export async function adoptImport(dir: string, catalogue: Prepared, log: CatalogueLog): Promise<void> {
  await log.adopt(catalogue)
  await rm(join(dir, intentName))
}

/** Imports that were cut short: finished where their rows are visible, else removed. */
export async function settleImports(
  parent: string,
  history: Pick<History, 'sequence'>,
  log: CatalogueLog,
): Promise<void> {
  await mkdir(parent, { recursive: true })
  for (const name of await readdir(parent)) {
    const dir = join(parent, name)
    const intent = name.endsWith(incoming) ? 'incoming' : await intentOf(dir)
    if (intent === null) continue
    const isVisible = intent !== 'incoming' && (intent.rows === 0 || (await history.sequence()) > intent.sequence)
    if (isVisible) await adoptImport(dir, intent.catalogue, log)
    else await rm(dir, { recursive: true })
  }
}

async function intentOf(dir: string): Promise<Intent | null> {
  try {
    return Intent.parse(JSON.parse(await readFile(join(dir, intentName), 'utf8')))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw error
  }
}
