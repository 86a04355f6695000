import { type Sink } from '../features/ingest/sink.js'
import { type Product } from '../features/schema/product.js'
import { type EventRecord, type InvestorRecord, type NavRecord } from '../features/schema/records.js'
import { type Instant } from '../features/schema/time.js'
import { type SimulationOptions } from './options.js'
import { run, spanOf } from './simulateMarket.js'
import { openSimulation, type Simulation } from './simulation.js'

/** For tests: a market small enough to look at whole. */
export const small: SimulationOptions = {
  seed: 3,
  products: 400,
  companies: 12,
  investors: 500,
  days: 300,
  endDay: '2026-05-08',
}

export type Recorded = {
  readonly simulation: Simulation
  readonly investors: InvestorRecord[]
  readonly events: EventRecord[]
  readonly navs: NavRecord[]
  readonly revisions: { readonly knownAt: Instant; readonly changes: readonly Product[] }[]
  readonly largestBatch: number
}

/** For tests: a market with all that it handed over, and what it keeps to itself. */
export async function recordMarket(options: SimulationOptions): Promise<Recorded> {
  const investors: InvestorRecord[] = []
  const events: EventRecord[] = []
  const navs: NavRecord[] = []
  const revisions: { knownAt: Instant; changes: readonly Product[] }[] = []
  let largestBatch = 0
  const into = <T>(list: T[]) => {
    return (rows: readonly T[]): Promise<void> => {
      largestBatch = Math.max(largestBatch, rows.length)
      list.push(...rows)
      return Promise.resolve()
    }
  }
  const sink: Sink = {
    investors: into(investors),
    events: into(events),
    navs: into(navs),
    products: (changes, knownAt) => {
      revisions.push({ changes, knownAt })
      return Promise.resolve()
    },
  }
  const span = spanOf(options)
  const simulation = openSimulation(options, span, sink)
  await run(simulation, span, sink)
  return { simulation, investors, events, navs, revisions, largestBatch }
}
