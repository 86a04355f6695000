import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { type Instant } from '../features/schema/time.js'
import { type Home } from '../serving/home.js'
import { defaultFirm } from '../serving/investorKey.js'
import { openDuckDb } from '../storage/duckdb.js'
import { exampleRows } from '../training/exampleRows.js'
import { profilesById } from '../training/examples.js'
import { featureWords, writeExamples } from '../training/examplesFile.js'
import { periodStarts } from '../training/twoTower.js'
import { withService } from './open.js'
import { readBy } from './operator.js'
import { type Common, instant, wholeNumber, withCommon } from './options.js'
import { print, progress, UsageError } from './output.js'

type Options = Common & { readonly asOf?: Instant; readonly out: string; readonly negatives: number }

/** `aptus examples`: what the trainer here learns from, for one that is not here. */
export const examplesCommand = (): Command =>
  withCommon(
    new Command('examples').description(
      'training examples as Parquet: who bought what when, beside what he did not buy, and what was known then',
    ),
  )
    .requiredOption('--out <folder>', 'examples.parquet and features.json are written here')
    .option('--as-of <instant>', 'only what was known before', instant)
    .option('--negatives <n>', 'products not bought, a purchase', wholeNumber(0, 1000), 4)
    .action(async (options: Options) => {
      const asOf = options.asOf ?? Date.now()
      const rows = await withService(options.data, ({ privacy }, home) =>
        made(home, options, asOf, (count) => privacy.reads.ofTable(readBy(defaultFirm, 'examples'), count)),
      )
      print(
        options.json,
        { rows, features: featureWords.length },
        () => `${rows} rows of ${featureWords.length} features: ${join(options.out, 'examples.parquet')}`,
      )
    })

async function made(
  { history, catalogueLog }: Home,
  { out, seed, negatives }: Options,
  asOf: Instant,
  recordRead: (rows: number) => Promise<void>,
): Promise<number> {
  const spill = await mkdtemp(join(tmpdir(), 'aptus-examples-'))
  const database = await openDuckDb(spill)
  const bar = progress()
  try {
    await mkdir(out, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(`--out: the folder cannot be made (${error.code ?? ''})`)
    })
    const recorded = await history.interactions(asOf)
    const profiles = await profilesById(history.profilesKnown(asOf))
    const starts = periodStarts(recorded, asOf)
    const known = await catalogueLog.asOfEach(starts)
    const catalogues = known.map((catalogue, period) => ({ from: starts[period] ?? asOf, catalogue }))
    await recordRead(recorded.rows.at.length)
    await writeFile(join(out, 'features.json'), `${JSON.stringify(featureWords, null, 2)}\n`)
    const rows = exampleRows({ recorded, profiles, catalogues, seed, negatives })
    // The key is kept nowhere: nobody finds the person again by his pseudonym.
    const told = (count: number): void => bar.update('examples', count, null)
    return await writeExamples(database, join(out, 'examples.parquet'), rows, randomBytes(32), told)
  } finally {
    bar.stop()
    await database.close()
    await rm(spill, { recursive: true, force: true })
  }
}
