import { Command } from 'commander'
import { type Imported, importInto } from '../serving/intake.js'
import { lastSimulatedDay, simulationImporter } from '../serving/simulated.js'
import { type SimulationOptions } from '../simulation/options.js'
import { withHome } from './open.js'
import { type Common, wholeNumber, withCommon } from './options.js'
import { Failure, print, progress } from './output.js'

type Options = Common & {
  readonly investors: number
  readonly products: number
  readonly days: number
  readonly catalogue: boolean
}

export function simulateCommand(): Command {
  return withCommon(new Command('simulate').description('a simulated market into the data directory'))
    .option('--investors <n>', 'how many', wholeNumber(0, 10_000_000), 20_000)
    .option('--products <n>', 'how many', wholeNumber(1, 1_000_000), 4200)
    .option('--days <n>', 'days of behaviour, up to the last evening', wholeNumber(1, 36_500), 730)
    .option('--catalogue', 'investors and behaviour over the products that were imported', false)
    .action(simulate)
}

async function simulate({ data, json, seed, investors, products, days, catalogue }: Options): Promise<void> {
  const bar = progress()
  const importedAt = Date.now()
  const endDay = lastSimulatedDay(importedAt)
  const imported = await withHome(data, async (home) => {
    const head = await home.catalogueLog.head()
    if (catalogue && head.products.length === 0)
      throw new Failure('the catalogue is empty: import products first, or leave out --catalogue')
    if (!catalogue && head.products.length > 0)
      throw new Failure(
        'the data directory holds products already: add --catalogue to simulate investors over them, or name an empty one with --data',
      )
    const size = { seed, investors, days, endDay }
    const simulation: SimulationOptions = catalogue ? { ...size, catalogue: head } : { ...size, products }
    return importInto(home, simulationImporter(simulation), {
      dir: '.',
      strict: true,
      importedAt,
      onProgress: bar.update,
    })
  }).finally(bar.stop)
  print(
    json,
    { accepted: imported.accepted, catalogueRevision: imported.catalogueRevision, notes: imported.notes },
    () => inWords(imported),
  )
}

const inWords = ({ accepted, catalogueRevision, notes }: Imported): string =>
  [
    `in: ${accepted.products} product records, ${accepted.investors} profiles, ${accepted.events} events; catalogue revision ${catalogueRevision}`,
    ...notes,
  ].join('\n')
