import { type Sink } from '../features/ingest/sink.js'
import { type Product } from '../features/schema/product.js'
import { dayNumber, type Instant } from '../features/schema/time.js'
import { liveDay, payOut } from './day.js'
import { eveningOf, morningOf } from './instants.js'
import { tellNavs } from './navTelling.js'
import { type SimulationOptions, type SimulationProgress, type SimulationReport } from './options.js'
import { defaults, openSimulation, type Simulation, type Span } from './simulation.js'
import { weekdayOf } from './tradingDays.js'

/** The options' days as day numbers. Throws a RangeError that names what is out of bounds. */
export function spanOf(options: SimulationOptions): Span {
  const { factsEveryMonths = 1, products = 1, companies = 1, investors = 0, days = defaults.days, endDay } = options
  for (const [name, value, least] of [
    ['products', products, 1],
    ['companies', companies, 1],
    ['investors', investors, 0],
    ['days', days, 1],
    ['factsEveryMonths', factsEveryMonths, 1],
  ] as const)
    if (!Number.isInteger(value) || value < least)
      throw new RangeError(`simulation, ${name}: got ${value}, want a whole number from ${least}`)
  const last = dayNumber(endDay)
  return { first: last - days + 1, last }
}

/**
 * Simulates a market into a sink: products by ascending `knownAt`, profiles and events in batches, both by ascending
 * `knownAt`. The same options give the same records on every machine and Node version. Memory does not grow with the
 * number of events. Throws a RangeError on sizes out of bounds; what the sink throws ends it.
 */
export async function simulateMarket(
  options: SimulationOptions,
  sink: Sink,
  onProgress?: (progress: SimulationProgress) => void,
): Promise<SimulationReport> {
  const span = spanOf(options)
  const of = options.products ?? defaults.products
  const simulation = openSimulation(options, span, sink, (done) => {
    if (done % 500 === 0) onProgress?.({ stage: 'products', done, of })
  })
  const told = await run(simulation, span, sink, onProgress)
  const { events, profiles, byType } = simulation.diary.counts()
  return {
    products: simulation.supply.goods.length,
    investors: simulation.people.length,
    profileRevisions: profiles,
    productRevisions: told,
    events,
    byType,
    ...simulation.tallied(),
  }
}

/** Lets the days pass; returns how many product records were handed over. */
export async function run(
  simulation: Simulation,
  { first, last }: Span,
  sink: Sink,
  onProgress?: (progress: SimulationProgress) => void,
): Promise<number> {
  const { supply, diary, market } = simulation
  let told = 0
  const tellTheirNavs = tellNavs(supply, sink)
  const tell = async (changes: readonly Product[], knownAt: Instant): Promise<void> => {
    if (changes.length === 0) return
    told += changes.length
    await sink.products(changes, knownAt)
    await tellTheirNavs(changes, knownAt)
  }
  await tell(supply.morning(first - 1), morningOf(first - 1))
  let isStale = true
  for (let day = first; day <= last; day++) {
    const changes = supply.morning(day)
    await tell(changes, morningOf(day))
    simulation.launched(changes, day)
    payOut(simulation, changes, day)
    simulation.admit(day)
    // What draws buyers is looked at anew every Monday, and whenever the catalogue changed.
    if (isStale || changes.length > 0 || weekdayOf(day) === 1) simulation.fillShelf(day)
    liveDay(simulation, day)
    await market.diary.close()
    const facts = supply.evening(day)
    await tell(facts, eveningOf(day))
    isStale = facts.length > 0
    onProgress?.({ stage: 'behaviour', done: day - first + 1, of: last - first + 1 })
  }
  await diary.end()
  return told
}
