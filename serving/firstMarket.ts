import { fileURLToPath } from 'node:url'
import { importCsv } from '../features/ingest/csv/importCsv.js'
import { type Instant } from '../features/schema/time.js'
import { ModelConfig } from '../training/models/config.js'
import { type Home } from './home.js'
import { importInto } from './intake.js'
import { releaseRun, trainRun } from './retrain.js'

/** The invented market of examples/data, seen from dist/serving/. */
const exampleData = fileURLToPath(new URL('../../examples/data', import.meta.url))

/** Fills an empty directory with the invented market, its days moved up to yesterday, trains on it and releases. */
export async function setUpFirstMarket(
  home: Home,
  options: { now: Instant; seed: number; clock: () => number; stage: (text: string) => void },
): Promise<{ products: number; investors: number; events: number }> {
  const { now, seed, clock, stage } = options
  stage('importing the invented market of examples/data')
  const { accepted, rejected } = await importInto(home, importCsv, {
    dir: exampleData,
    strict: true,
    importedAt: now,
    shiftToMs: now,
  })
  if (rejected.length > 0) throw new Error('examples/data is damaged: get it again from the repository')
  stage('training a model')
  const run = await trainRun(home, { config: ModelConfig.parse({ kind: 'auto' }), seed, asOf: now, clock })
  stage('building a release')
  await releaseRun(home, run.id, true)
  const { investors } = await home.history.counts()
  return { products: accepted.products, investors, events: accepted.events }
}
