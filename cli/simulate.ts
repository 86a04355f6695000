import { Command } from 'commander'
import { openCsvOutput } from '../features/ingest/csv/csvOutput.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type Home } from '../serving/home.js'
import { importInto } from '../serving/intake.js'
import { lastSimulatedDay, simulateInto, simulationImporter } from '../serving/simulated.js'
import { type SimulationOptions } from '../simulation/options.js'
import { withFullHome, withNewHome } from './open.js'
import { type Common, wholeNumber, withCommon } from './options.js'
import { Failure, print, progress, UsageError } from './output.js'

type Options = Common & {
  readonly investors: number
  readonly products: number
  readonly days: number
  readonly catalogue: boolean
  readonly out?: string
  readonly gzip: boolean
}

const description = [
  'Simulates a market into the data directory: fund companies, their products with NAVs, ratings and status over time,',
  'investors with profiles and dated questionnaires, and what they are shown (with rank and propensity), view, buy and',
  'redeem. Nothing of it is real. The same seed on the same day gives the same market: docs/simulation.md.',
].join(' ')

export function simulateCommand(): Command {
  return withCommon(new Command('simulate').summary('a simulated market').description(description))
    .option('--investors <n>', 'how many', wholeNumber(0, 10_000_000), 20_000)
    .option('--products <n>', 'how many', wholeNumber(1, 1_000_000), 4200)
    .option('--days <n>', 'days of behaviour, up to the last evening', wholeNumber(1, 36_500), 730)
    .option('--catalogue', 'investors and behaviour over the products that were imported', false)
    .option('--out <folder>', 'investors.csv, products.csv, events.csv and nav.csv here, and nothing into --data')
    .option('--gzip', 'with --out: .csv.gz', false)
    .action(simulate)
}

async function simulate(options: Options): Promise<void> {
  const { out, gzip } = options
  if (gzip && out === undefined) throw new UsageError('--gzip is of the files of --out: name a folder for them')
  await (out === undefined ? intoData(options) : intoFiles(options, out))
}

/** What is simulated: over the products of a catalogue, or with its own. */
function simulationOf({ seed, investors, products, days }: Options, now: number, catalogue: Catalogue | null) {
  if (catalogue?.products.length === 0)
    throw new Failure('the catalogue is empty: import products first, or leave out --catalogue')
  const size = { seed, investors, days, endDay: lastSimulatedDay(now) }
  const simulation: SimulationOptions = catalogue === null ? { ...size, products } : { ...size, catalogue }
  return simulation
}

async function intoData(options: Options): Promise<void> {
  const { data, json, catalogue } = options
  const importedAt = Date.now()
  const bar = progress()
  const { accepted, catalogueRevision, notes } = await withNewHome(data, async (home) => {
    const head = await home.catalogueLog.head()
    if (!catalogue && head.products.length > 0)
      throw new Failure(
        'the data directory holds products already: add --catalogue to simulate investors over them, or name an empty one with --data',
      )
    const importer = simulationImporter(simulationOf(options, importedAt, catalogue ? head : null))
    return importInto(home, importer, { dir: '.', strict: true, importedAt, onProgress: bar.update })
  }).finally(bar.stop)
  print(json, { accepted, catalogueRevision, notes }, () =>
    [
      `in: ${accepted.products} product records, ${accepted.investors} profiles, ${accepted.events} events; catalogue revision ${catalogueRevision}`,
      ...notes,
    ].join('\n'),
  )
}

const overImported = 'products are those of the data directory: import the same where these files go'

/** The data directory is read where its catalogue is asked for, and otherwise neither read nor made. */
async function intoFiles(options: Options, out: string): Promise<void> {
  const { data, json, gzip, catalogue } = options
  const head = (home: Home): Promise<Catalogue> => home.catalogueLog.head()
  const simulation = simulationOf(options, Date.now(), catalogue ? await withFullHome(data, head) : null)
  const output = await openCsvOutput(out, gzip)
  const bar = progress()
  try {
    const { accepted, notes: told } = await simulateInto(simulation, output.sink, bar.update)
    const files = await output.finish()
    const notes = catalogue ? [...told, overImported] : told
    print(json, { accepted, files, notes }, () =>
      [...files.map(({ file, rows }) => `${file}: ${rows} lines`), ...notes].join('\n'),
    )
  } catch (error) {
    await output.abort()
    throw error
  } finally {
    bar.stop()
  }
}
