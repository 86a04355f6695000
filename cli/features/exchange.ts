import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { ExchangeError, exportHistory } from '../../features/history/exportFile.js'
import { openHistory } from '../../features/history/history.js'
import { type ImportedHistory, importHistory } from '../../features/history/importFile.js'
import { type FileKind } from '../../features/history/manifest.js'
import { type History } from '../../features/history/port.js'
import { isEmpty } from '../../serving/home.js'
import { defaultFirm } from '../../serving/investorKey.js'
import { type DuckDb, openDuckDb } from '../../storage/duckdb.js'
import { withHome, withNewHome, withService } from '../open.js'
import { readBy } from '../operator.js'
import { type Common, withCommon } from '../options.js'
import { Failure, print, progress, UsageError } from '../output.js'

type Told = (kind: string, rows: number, total: number | null) => void
type Tools = { readonly database: DuckDb; readonly spill: string; readonly told: Told }

/** With a DuckDB of its own, which spills into a temporary folder, and a bar. */
async function exchanging<T>(work: (tools: Tools) => Promise<T>): Promise<T> {
  const spill = await mkdtemp(join(tmpdir(), 'aptus-exchange-'))
  const database = await openDuckDb(spill)
  const bar = progress()
  try {
    return await work({ database, spill, told: bar.update })
  } catch (error) {
    if (error instanceof ExchangeError) throw new UsageError(error.message, { cause: error })
    throw error
  } finally {
    bar.stop()
    await database.close()
    await rm(spill, { recursive: true, force: true })
  }
}

/** `aptus features export`: all that the history holds, to be taken elsewhere or read by other programs. */
export const exportCommand = (): Command =>
  withCommon(
    new Command('export').description(
      'the whole history as Parquet files: profiles, events, NAVs, each with when it was known; identifiers in clear',
    ),
  )
    .requiredOption('--out <dir>', 'the folder that is made: investors.parquet, events.parquet, navs.parquet')
    .action(async ({ data, json, out }: Common & { readonly out: string }) => {
      const begun = performance.now()
      const exported = await withService(data, ({ privacy }, { history }) =>
        exchanging(async ({ database, told }) => {
          const { investors, events } = await history.counts()
          await privacy.reads.ofTable(readBy(defaultFirm, 'features export'), investors + events)
          const totals = { investors: null, events, navs: null }
          const toldOf = (kind: FileKind, rows: number) => told(`exporting ${kind}`, rows, totals[kind])
          return exportHistory(history, database, out, toldOf).catch((error: NodeJS.ErrnoException) => {
            if (!['ENOTDIR', 'EACCES', 'EEXIST', 'EROFS'].includes(error.code ?? '')) throw error
            throw new Failure('--out: the folder cannot be made or written', { cause: error })
          })
        }),
      )
      const seconds = (performance.now() - begun) / 1_000
      const { investors, events, navs } = exported
      print(
        json,
        { ...exported, seconds },
        () => `${investors} profiles, ${events} events, ${navs} NAVs in ${seconds.toFixed(1)} s: ${out}`,
      )
    })

const into = (history: History, dir: string, dryRun: boolean, { database, told }: Tools): Promise<ImportedHistory> =>
  importHistory(history, database, dir, {
    at: Date.now(),
    dryRun,
    told: (kind, rows) => told(`reading ${kind}`, rows, null),
  })

const takenIn = (data: string, dir: string, tools: Tools): Promise<ImportedHistory> =>
  withNewHome(data, async (home) => {
    const found = await into(home.history, dir, false, tools)
    await home.refill((investors) => tools.told('filling the online store', investors, null))
    return found
  })

/** A directory that is empty stays so: a home is made where one is opened, and fills its online store. */
async function tried(data: string, dir: string, tools: Tools): Promise<ImportedHistory> {
  if (!(await isEmpty(data))) return withHome(data, ({ history }) => into(history, dir, true, tools))
  const history = await openHistory(join(tools.spill, 'history'))
  return into(history, dir, true, tools).finally(history.close)
}

type ImportOptions = Common & { readonly dryRun: boolean }

/** `aptus features import`: what `export` wrote, into the history of another directory, or of the same again. */
export const importHistoryCommand = (): Command =>
  withCommon(
    new Command('import')
      .argument('<dir>', 'the folder that "features export" made')
      .description('takes in an exported history, all of it or nothing; what is there already is not added again'),
  )
    .option('--dry-run', 'reads and checks everything, counts what is new, and writes nothing', false)
    .action(async (dir: string, { data, json, dryRun }: ImportOptions) => {
      const begun = performance.now()
      const imported = await exchanging((tools) => (dryRun ? tried(data, dir, tools) : takenIn(data, dir, tools)))
      const seconds = (performance.now() - begun) / 1_000
      const words = Object.entries(imported).map(
        ([kind, { rows, added }]) => `${kind}: ${rows} rows, ${added} ${dryRun ? 'would be added' : 'added'}`,
      )
      print(json, { ...imported, dryRun, seconds }, () => words.join('\n'))
    })
