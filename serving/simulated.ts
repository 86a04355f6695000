import { type ImportOptions, type ImportReport } from '../features/ingest/report.js'
import { type Sink } from '../features/ingest/sink.js'
import { dateOfDayNumber, type Instant } from '../features/schema/time.js'
import { type SimulationOptions } from '../simulation/options.js'
import { simulateMarket } from '../simulation/simulateMarket.js'
import { type Importer } from './intake.js'

/** The last day whose evening, 14:30Z, has passed: a simulation that ends on it knows nothing from the future. */
export const lastSimulatedDay = (now: Instant): string =>
  dateOfDayNumber(Math.floor((now - (14.5 * 3_600_000 + 1)) / 86_400_000))

/** Simulates a market into a sink, and reports of it as an importer does. */
export async function simulateInto(
  simulation: SimulationOptions,
  sink: Sink,
  onProgress?: ImportOptions['onProgress'],
): Promise<ImportReport> {
  const told = await simulateMarket(simulation, sink, ({ stage, done, of }) => onProgress?.(stage, done, of))
  return {
    source: 'simulated',
    files: [],
    accepted: { investors: told.profileRevisions, products: told.productRevisions, events: told.events },
    rejected: [],
    notes: [
      'everything here is SIMULATED: no product and no investor in it is real',
      `${told.products} products, ${told.investors} investors; ${Object.entries(told.byType)
        .map(([type, count]) => `${type} ${count}`)
        .join(', ')}`,
    ],
  }
}

/** A simulated market as an importer, so that it becomes visible as a whole like any other import. */
export const simulationImporter =
  (simulation: SimulationOptions): Importer =>
  ({ onProgress }, sink) =>
    simulateInto(simulation, sink, onProgress)
