import { foldEvents } from '../features/definitions/behaviour.js'
import { sigmoid } from '../features/definitions/math.js'
import { type Behaviour } from '../features/schema/behaviour.js'
import { type Event } from '../features/schema/event.js'
import { type ProductId } from '../features/schema/ids.js'
import { randomFor } from '../features/definitions/random.js'
import { type Sink } from '../features/ingest/sink.js'
import { type Good } from '../simulation/goods.js'
import { type SimulationOptions } from '../simulation/options.js'
import { popularSlates, type SlatePolicy } from '../simulation/policy.js'
import { run, spanOf } from '../simulation/simulateMarket.js'
import { openSimulation } from '../simulation/simulation.js'
import { examined, openness, slateSize } from '../simulation/visit.js'
import { expectedWorth } from './slateDraws.js'
import { watchSlates } from './watchedSlates.js'
import { candidatesOf, type TargetName, targetPolicies } from './targetPolicies.js'

/** What the market knows of one request for a slate that was shown, and tells no log. */
export type Asked = {
  readonly ordinals: Int32Array
  /** [n] what a model of rewards sees of each: its kind, and whether he knew its company. */
  readonly cells: readonly string[]
  /** By target policy: [n] weights of the candidates, and the expected views of its slate. */
  readonly targets: ReadonlyMap<TargetName, { readonly weights: Float64Array; readonly views: number }>
}

export type LoggedMarket = {
  /** All that happened, by time. */
  readonly events: readonly Event[]
  /** In the order of the decisions' numbers: of decision sim-d0000001 first. */
  readonly asked: readonly Asked[]
  readonly ordinalOf: ReadonlyMap<ProductId, number>
  /** Whether a product was opened from a slate, by place of the decision and ordinal. */
  readonly wasOpened: (decision: number, ordinal: number) => boolean
}

const draws = 8
const none = new Float64Array(0)

/**
 * A market whose slates are drawn by fame, as always, with what each of other policies would have come to in the same
 * place: how likely each product is opened at each rank is known to the simulation (visit.ts), so the value needs no
 * simulation of its own. It is that of one slate, for the investors and visits as the logging policy left them.
 * The candidates of all but the first `logged` investors are forgotten.
 */
export async function loggedMarket(
  options: Omit<SimulationOptions, 'policy'>,
  names: readonly TargetName[],
  logged: number,
): Promise<LoggedMarket> {
  const events: Event[] = []
  const asked: Asked[] = []
  const random = randomFor(options.seed, 'target-draws')
  const nothing = (): Promise<void> => Promise.resolve()
  const sink: Sink = {
    investors: nothing,
    navs: nothing,
    products: nothing,
    events: (records) => {
      for (const { value } of records) events.push(value)
      return nothing()
    },
  }
  const policy: SlatePolicy = (request) => {
    const shown = popularSlates(request)
    const index = Number(request.investor.id.slice(-6)) - 1
    if (shown.length === 0) return shown
    asked.push(ask(index, candidatesOf(request.suitable)))
    watch.show(
      asked.length - 1,
      shown.map(({ product }) => product),
    )
    return shown
  }
  const span = spanOf(options)
  const simulation = openSimulation({ ...options, policy }, span, sink)
  const watch = watchSlates(simulation.market)
  const { supply, people, market } = simulation
  const ordinalOf = new Map(supply.ids.map((id, ordinal) => [id, ordinal]))
  const ask = (investorIndex: number, candidates: ReturnType<typeof candidatesOf>): Asked => {
    const person = people[investorIndex]
    if (person == null) throw new Error(`no investor ${investorIndex} asked for a slate; this is a bug`)
    const { ordinals } = candidates
    const opened = Float64Array.from(ordinals, (ordinal) =>
      sigmoid(openness + market.choice.pleasure(person, ordinal, market.shelf())),
    )
    const isKnown = companiesOf(foldEvents(person.past), supply.goods, ordinalOf)
    const known = Array.from(ordinals, (ordinal) => isKnown.has(supply.goods[ordinal]?.company ?? -1))
    const targets = names.map((name) => {
      const weights = targetPolicies[name](candidates.weights, known)
      const byRank = expectedWorth(weights, opened, slateSize, draws, random)
      const views = byRank.reduce((sum, chance, rank) => sum + chance * (examined[rank] ?? 0), 0)
      return [name, { weights: investorIndex < logged ? weights : none, views }] as const
    })
    if (investorIndex >= logged) return { ordinals: new Int32Array(0), cells: [], targets: new Map(targets) }
    const cells = known.map((one, i) => `${supply.goods[ordinals[i] ?? -1]?.kind} ${one}`)
    return { ordinals, cells, targets: new Map(targets) }
  }
  await run({ ...simulation, market: watch.market }, span, sink)
  return { events, asked, ordinalOf, wasOpened: watch.wasOpened }
}

/** Indices of the companies whose products he viewed or bought. */
const companiesOf = (
  { viewed, purchased }: Behaviour,
  goods: readonly Good[],
  ordinalOf: ReadonlyMap<ProductId, number>,
): ReadonlySet<number> =>
  new Set([...viewed, ...purchased].map(({ productId }) => goods[ordinalOf.get(productId) ?? -1]?.company ?? -2))
