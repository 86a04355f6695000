import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { storedFeatures } from '../../features/definitions/catalogue.js'
import { traitsTimeline } from '../../features/definitions/traits.js'
import { type Pairs } from '../../features/history/port.js'
import { PairsError, readPairs, writeRows } from '../../features/history/rowsFile.js'
import { type InvestorId } from '../../features/schema/ids.js'
import { type Instant } from '../../features/schema/time.js'
import { type Home } from '../../serving/home.js'
import { defaultFirm } from '../../serving/investorKey.js'
import { openDuckDb } from '../../storage/duckdb.js'
import { withService } from '../open.js'
import { readBy } from '../operator.js'
import { type Common, instant, withCommon } from '../options.js'
import { Failure, print, progress, UsageError } from '../output.js'

type Options = Common & { readonly pairs?: string; readonly asOf?: Instant; readonly out: string }

/** Everybody at one instant. */
async function everybody({ history }: Home, at: Instant): Promise<Pairs> {
  const investorIds: InvestorId[] = []
  for await (const batch of history.snapshotsAsOf(at)) for (const { profile } of batch) investorIds.push(profile.id)
  return {
    investorIds,
    investor: Int32Array.from(investorIds, (_, index) => index),
    at: new Float64Array(investorIds.length).fill(at),
  }
}

async function made(
  home: Home,
  { pairs: file, asOf, out }: Options,
  recorded: (rows: number) => Promise<void>,
): Promise<number> {
  const spill = await mkdtemp(join(tmpdir(), 'aptus-rows-'))
  const database = await openDuckDb(spill)
  const bar = progress()
  try {
    const pairs = file === undefined ? await everybody(home, asOf ?? Date.now()) : await readPairs(database, file)
    await recorded(pairs.at.length)
    const rows = home.history.rows(pairs, traitsTimeline(await home.catalogueLog.revisions()))
    return await writeRows(database, out, pairs, rows, (done) => bar.update('rows', done, pairs.at.length))
  } catch (error) {
    if (error instanceof PairsError) throw new UsageError(error.message, { cause: error })
    if (['ENOENT', 'EACCES', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw new Failure('the file cannot be written: name one in a directory that is there', { cause: error })
    throw error
  } finally {
    bar.stop()
    await database.close()
    await rm(spill, { recursive: true, force: true })
  }
}

/** `aptus features rows`: training rows as they were known, for a notebook or another trainer. */
export const rowsCommand = (): Command =>
  withCommon(
    new Command('rows').description(
      'the stored features of investors as they were known at instants, as a Parquet file: of the pairs of a file, or of everybody',
    ),
  )
    .option('--pairs <file>', 'CSV or Parquet with the columns investor_id and at')
    .option('--as-of <instant>', 'everybody as known then, where there are no --pairs; default: now', instant)
    .requiredOption('--out <file>', 'the Parquet file that is written')
    .action(async (options: Options) => {
      if (options.pairs !== undefined && options.asOf !== undefined)
        throw new UsageError('--pairs says the instants: leave out --as-of')
      const begun = performance.now()
      const rows = await withService(options.data, ({ privacy }, home) =>
        made(home, options, (count) => privacy.reads.ofTable(readBy(defaultFirm, 'features rows'), count)),
      )
      const seconds = (performance.now() - begun) / 1_000
      print(
        options.json,
        { rows, features: storedFeatures.length, seconds },
        () => `${rows} rows of ${storedFeatures.length} features in ${seconds.toFixed(1)} s: ${options.out}`,
      )
    })
