import { type ProductId } from '../features/schema/ids.js'
import { type SimulationOptions } from '../simulation/options.js'
import { slateSize } from '../simulation/visit.js'
import { doublyRobust, type ModelledPlace } from '../training/offPolicy/doublyRobust.js'
import { type Estimate } from '../training/offPolicy/estimate.js'
import { ips } from '../training/offPolicy/ips.js'
import { type LoggedSlate } from '../training/offPolicy/logged.js'
import { fitRewards } from '../training/offPolicy/rewardModel.js'
import { type ReadSlate, slatesOfLog } from '../training/offPolicy/slatesOfLog.js'
import { snips } from '../training/offPolicy/snips.js'
import { randomFor } from '../training/random.js'
import { type Asked, loggedMarket, type LoggedMarket } from './loggedMarket.js'
import { drawProbabilities, expectedWorth } from './slateDraws.js'
import { type TargetName, targetPolicies } from './targetPolicies.js'

const draws = 8
const targetNames = Object.keys(targetPolicies) as TargetName[]

export type OffPolicySize = Pick<SimulationOptions, 'products' | 'companies' | 'days'> & {
  /** Investors whose slates are the log, and how many there are in all, over whom the value is taken. */
  readonly logged: number
  readonly all: number
}

export type Trial = {
  readonly seed: number
  readonly target: TargetName
  readonly truth: number
  readonly estimates: Readonly<Record<'IPS' | 'SNIPS' | 'doubly robust', Estimate>>
}

/** One market: each target's true value, and what each estimator makes of the log of some of its investors. */
export async function trials(
  seed: number,
  size: OffPolicySize,
  names: readonly TargetName[] = targetNames,
): Promise<Trial[]> {
  const { logged, all, ...others } = size
  const market = await loggedMarket({ ...others, seed, investors: all, endDay: '2026-05-08' }, names, logged)
  return names.map((target) => {
    const slates = slatesOf(market, target, logged)
    const options = { reach: 'prefix', clip: null } as const
    const modelled = modelledSlates(market, slates, target, seed)
    return {
      seed,
      target,
      truth:
        market.asked.reduce((sum, { targets }) => sum + (targets.get(target)?.views ?? NaN), 0) / market.asked.length,
      estimates: {
        IPS: ips(slates, options),
        SNIPS: snips(slates, options),
        'doubly robust': doublyRobust(modelled, options),
      },
    }
  })
}

/** The simulation numbers decisions from 1. */
const placeOf = (decisionId: string): number => Number(decisionId.slice('sim-d'.length)) - 1

const askedFor = ({ asked }: LoggedMarket, decisionId: string): Asked => {
  const found = asked[placeOf(decisionId)]
  if (found === undefined) throw new Error(`nobody asked for decision ${decisionId}; this is a bug`)
  return found
}

/** The log of the first investors, as any caller would read it. */
function slatesOf(market: LoggedMarket, target: TargetName, logged: number): ReadSlate[] {
  const events = market.events.filter(({ investorId }) => Number(investorId.slice(-6)) <= logged)
  return slatesOfLog(events, {
    reward: ({ decisionId, productId }) =>
      market.wasOpened(placeOf(decisionId), market.ordinalOf.get(productId) ?? -1) ? 1 : 0,
    target: ({ decisionId, products }) => {
      const asked = askedFor(market, decisionId)
      return drawProbabilities(weightsOf(asked, target), placesOf(market, asked, products))
    },
  })
}

const weightsOf = ({ targets }: Asked, target: TargetName): Float64Array =>
  targets.get(target)?.weights ?? new Float64Array(0)

const placesOf = ({ ordinalOf }: LoggedMarket, { ordinals }: Asked, products: readonly ProductId[]): number[] =>
  products.map((id) => ordinals.indexOf(ordinalOf.get(id) ?? -1))

/** The model of the rewards sees of a product its kind, and whether the investor knew its company. */
function modelledSlates(
  market: LoggedMarket,
  slates: readonly ReadSlate[],
  target: TargetName,
  seed: number,
): LoggedSlate<ModelledPlace>[] {
  const random = randomFor(seed, `modelled:${target}`)
  const cellOf = (asked: Asked, place: number): string => asked.cells[place] ?? ''
  const rows = slates.flatMap(({ investorId, decisionId, places }) => {
    const asked = askedFor(market, decisionId)
    const at = placesOf(
      market,
      asked,
      places.map(({ productId }) => productId),
    )
    return places.map(({ reward }, rank) => ({ investorId, rank, reward, cell: cellOf(asked, at[rank] ?? -1) }))
  })
  const model = fitRewards(rows)
  let row = 0
  return slates.map(({ investorId, decisionId, places }) => {
    const asked = askedFor(market, decisionId)
    const expected = expectedByRank(
      asked,
      weightsOf(asked, target),
      (rank, cell) => model(investorId, rank, cell),
      random,
    )
    return {
      investorId,
      places: places.map((place, rank) => ({
        ...place,
        modelled: model(investorId, rank, rows[row++]?.cell ?? ''),
        modelledTarget: expected[rank] ?? Number.NaN,
      })),
    }
  })
}

/** The model is a rank's rate times a cell's appeal: the appeals of rank 1 serve for all. */
function expectedByRank(
  { cells }: Asked,
  weights: Float64Array,
  model: (rank: number, cell: string) => number,
  random: ReturnType<typeof randomFor>,
): number[] {
  const top = new Map([...new Set(cells)].map((cell) => [cell, model(0, cell)]))
  const worth = Float64Array.from(cells, (cell) => top.get(cell) ?? 0)
  const unseen = model(0, '')
  const expected = expectedWorth(weights, worth, slateSize, draws, random)
  return Array.from(expected, (value, rank) => (value * model(rank, '')) / unseen)
}
