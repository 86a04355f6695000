import { type InvestorId, type ProductId } from '../features/schema/ids.js'
import { levelNumber, type ProductKind } from '../features/schema/levels.js'
import { type Known } from '../features/schema/records.js'
import { type Instant } from '../features/schema/time.js'
import { type Sink } from '../features/ingest/sink.js'

/** What is looked at of any market, simulated or real. */
export type MarketStatistics = {
  readonly purchases: number
  readonly buyers: number
  /** Share of buyers with at least 1, 2, 3, … purchases, at the counts of `atLeast`. */
  readonly buyersWithAtLeast: readonly number[]
  /** Share of all purchases that went to the most bought of the products bought, at the shares of `topShares`. */
  readonly shareOfTop: readonly number[]
  /** Of the purchases where both levels were known, those of a product above the buyer's. */
  readonly shareAbove: number | null
  /** Annualised volatility in bps by kind: how many products, and the 10th, 50th and 90th in a hundred. */
  readonly volatility: ReadonlyMap<ProductKind, { readonly products: number; readonly bps: readonly number[] }>
}

export const atLeast = [1, 2, 3, 5, 8, 12, 20, 35, 60, 100] as const
export const topShares = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1] as const
const volatilityQuantiles = [0.1, 0.5, 0.9] as const

/** A sink that keeps what the statistics need, and `of` over the purchases between two instants. */
export type StatisticsSink = Sink & { readonly of: (from: Instant, to: Instant) => MarketStatistics }

type Levels<Id> = Map<Id, Known<number>[]>
type Bought = { readonly investor: InvestorId; readonly product: ProductId; readonly at: Instant }

const note = <Id>(levels: Levels<Id>, id: Id, knownAt: Instant, value: number | null): void => {
  if (value !== null) levels.set(id, [...(levels.get(id) ?? []), { knownAt, value }])
}

/** The last level known before an instant. */
const levelBefore = (known: readonly Known<number>[] | undefined, at: Instant): number | null =>
  known?.findLast(({ knownAt }) => knownAt < at)?.value ?? null

export function statisticsSink(): StatisticsSink {
  const tolerance: Levels<InvestorId> = new Map()
  const risk: Levels<ProductId> = new Map()
  const volatility = new Map<ProductId, { readonly kind: ProductKind; readonly bps: number }>()
  const bought: Bought[] = []
  return {
    investors: (records) => {
      for (const { knownAt, value } of records)
        note(
          tolerance,
          value.id,
          knownAt,
          value.riskAssessment === null ? null : levelNumber(value.riskAssessment.level),
        )
      return Promise.resolve()
    },
    products: (changes, knownAt) => {
      for (const { id, rating, kind } of changes) {
        note(risk, id, knownAt, rating === null ? null : levelNumber(rating.level))
        if (rating?.volatilityBps != null) volatility.set(id, { kind, bps: rating.volatilityBps })
      }
      return Promise.resolve()
    },
    events: (records) => {
      for (const { value } of records)
        if (value.type === 'purchase')
          bought.push({ investor: value.investorId, product: value.productId, at: value.occurredAt })
      return Promise.resolve()
    },
    of: (from, to) => {
      const within = bought.filter(({ at }) => at >= from && at < to)
      const perBuyer = countsOf(within.map(({ investor }) => investor))
      return {
        purchases: within.length,
        buyers: perBuyer.length,
        buyersWithAtLeast: atLeast.map((least) => perBuyer.filter((n) => n >= least).length / perBuyer.length),
        shareOfTop: popularityCurve(countsOf(within.map(({ product }) => product))),
        shareAbove: shareAbove(within, tolerance, risk),
        volatility: volatilityByKind([...volatility.values()]),
      }
    },
  }
}

/** How often each occurs, most frequent first. */
export function countsOf(ids: readonly string[]): number[] {
  const counts = new Map<string, number>()
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  return [...counts.values()].sort((a, b) => b - a)
}

/** counts: descending → the share of the sum in the first half, one, two, … in a hundred of them. */
export function popularityCurve(counts: readonly number[]): number[] {
  const all = counts.reduce((sum, count) => sum + count, 0)
  return topShares.map((share) => {
    const top = counts.slice(0, Math.max(1, Math.round(counts.length * share)))
    return top.reduce((sum, count) => sum + count, 0) / all
  })
}

/** A product's level counts as it was known first, where it was bought before any was. */
function shareAbove(bought: readonly Bought[], tolerance: Levels<InvestorId>, risk: Levels<ProductId>): number | null {
  let above = 0
  let judged = 0
  for (const { investor, product, at } of bought) {
    const own = levelBefore(tolerance.get(investor), at)
    const level = levelBefore(risk.get(product), at) ?? risk.get(product)?.[0]?.value ?? null
    if (own === null || level === null) continue
    judged += 1
    if (level > own) above += 1
  }
  return judged === 0 ? null : above / judged
}

function volatilityByKind(rated: readonly { readonly kind: ProductKind; readonly bps: number }[]) {
  const byKind = new Map<ProductKind, number[]>()
  for (const { kind, bps } of rated) byKind.set(kind, [...(byKind.get(kind) ?? []), bps])
  return new Map(
    [...byKind].map(([kind, values]) => {
      const sorted = values.sort((a, b) => a - b)
      const bps = volatilityQuantiles.map((q) => sorted[Math.floor(q * sorted.length)] ?? 0)
      return [kind, { products: sorted.length, bps }] as const
    }),
  )
}
