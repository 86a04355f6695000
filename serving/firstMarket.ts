import { fileURLToPath } from 'node:url'
import { importCsv } from '../features/ingest/csv/importCsv.js'
import { type Instant } from '../features/schema/time.js'
import { type SimulationOptions } from '../simulation/options.js'
import { ModelConfig, readModelConfig } from '../training/models/config.js'
import { type Home } from './home.js'
import { importInto } from './intake.js'
import { releaseRun, trainRun } from './retrain.js'
import { lastSimulatedDay, simulationImporter } from './simulated.js'

const twoTowerConfig = fileURLToPath(new URL('../../training/configs/two-tower.yaml', import.meta.url))
/** The invented market of examples/data, seen from dist/serving/. */
const exampleData = fileURLToPath(new URL('../../examples/data', import.meta.url))

/** Names of the markets that a first start can be filled with. */
export const markets = ['example', 'simulated'] as const
export type Market = (typeof markets)[number]

/** Of a simulated market. */
export type MarketSize = Required<Pick<SimulationOptions, 'products' | 'investors' | 'days'>>
export const fullSize: MarketSize = { products: 4200, investors: 20_000, days: 730 }

export type SetUp = {
  readonly market: Market
  readonly size: MarketSize
  readonly now: Instant
  readonly seed: number
  readonly clock: () => number
  readonly stage: (text: string) => void
  readonly onProgress: (task: string, done: number, total: number | null) => void
}

/** Fills an empty directory with an invented market that ends yesterday, trains on it and releases. */
export async function setUpFirstMarket(
  home: Home,
  options: SetUp,
): Promise<{ products: number; investors: number; events: number }> {
  const { market, now, seed, clock, stage, onProgress } = options
  const { events } = await (market === 'example' ? importExample(home, options) : simulate(home, options))
  stage('training a model')
  const run = await trainRun(home, { config: await configOf(market), seed, asOf: now, clock, onProgress })
  stage('building a release')
  await releaseRun(home, run.id, true)
  const [{ investors }, { products }] = [await home.history.counts(), await home.catalogueLog.head()]
  return { products: products.length, investors, events }
}

/** The files of examples/data, their days moved up. */
async function importExample(home: Home, { now, stage, onProgress }: SetUp): Promise<{ events: number }> {
  stage('importing the invented market of examples/data')
  const options = { dir: exampleData, strict: true, importedAt: now, shiftToMs: now, onProgress }
  const { accepted, rejected } = await importInto(home, importCsv, options)
  if (rejected.length > 0) throw new Error('examples/data is damaged: get it again from the repository')
  return accepted
}

async function simulate(home: Home, { size, now, seed, stage, onProgress }: SetUp): Promise<{ events: number }> {
  const [products, investors, days] = [size.products, size.investors, size.days].map((n) => n.toLocaleString('en'))
  stage(`simulating a market: ${products} products, ${investors} investors, ${days} days`)
  const importer = simulationImporter({ ...size, seed, endDay: lastSimulatedDay(now) })
  const imported = await importInto(home, importer, { dir: '.', strict: true, importedAt: now, onProgress })
  return imported.accepted
}

/** The example is too small for anything but the content model; the simulated market has a past to learn from. */
const configOf = (market: Market): Promise<ModelConfig> =>
  market === 'example' ? Promise.resolve(ModelConfig.parse({ kind: 'auto' })) : readModelConfig(twoTowerConfig)
