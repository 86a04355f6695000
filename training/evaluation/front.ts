import { z } from 'zod'
import { defaultDiversity, type Diversity, diversify } from '../../engine/ranking/diversify.js'
import { type Catalogue } from '../../features/schema/catalogue.js'
import { gini } from '../metrics/gini.js'
import { columnsOf } from './columns.js'
import { type Market } from './market.js'
import { type Judged, type Slate } from './slates.js'

const bps = z.int().min(1).max(10_000)

/** What caps on companies and kinds in a slate cost, and what they gain; means over the judged, suitability on. */
export const FrontPoint = z.strictObject({
  perCompanyBps: bps,
  perKindBps: bps,
  ndcg: z.number(),
  /** Null where nothing was shown. */
  companyGini: z.number().nullable(),
  /** Share of the traits in which two of a slate differ. */
  diversity: z.number().nullable(),
  /** Whether the served slates are made so. */
  isDefault: z.boolean(),
})
export type FrontPoint = z.infer<typeof FrontPoint>

const companyCaps = [1000, 2000, 2500, 3000, 5000, 10_000]
const kindCaps = [3000, 5000, 10_000]

/** Candidates beyond which no cap that is tried looks. */
const mostLookedAt = 200

/**
 * The same nominated candidates cut to slates under each pair of caps. 10,000 caps nothing: the model's own order, by
 * which it is judged. Not checked again by the reference evaluator: `disagreements` tells that it never finds any.
 */
export function frontOf(
  slates: readonly Slate[],
  judged: readonly Judged[],
  market: Market,
  catalogue: Catalogue,
  k: number,
): FrontPoint[] {
  const candidates = slates.map(({ nominated }) =>
    nominated.slice(0, mostLookedAt).flatMap((ordinal) => {
      const product = catalogue.products[ordinal]
      return product === undefined ? [] : [{ ordinal, product }]
    }),
  )
  const under = (caps: Diversity): Slate[] =>
    candidates.map((of, place) => ({
      ...{ nominated: [], disagreements: 0 },
      shown: slates[place]?.shown.length === 0 ? [] : firstOf(of, k, caps),
    }))
  return companyCaps.flatMap((perCompanyBps) =>
    kindCaps.map((perKindBps) => {
      const caps = { perCompanyBps, perKindBps }
      const isDefault = perCompanyBps === defaultDiversity.perCompanyBps && perKindBps === defaultDiversity.perKindBps
      return { ...caps, ...judge(under(caps), judged, market, k), isDefault }
    }),
  )
}

const firstOf = (
  candidates: Parameters<typeof diversify<{ ordinal: number; product: Catalogue['products'][number] }>>[0],
  k: number,
  caps: Diversity,
): number[] =>
  diversify(candidates, k, caps)
    .slice(0, k)
    .map(({ ordinal }) => ordinal)

function judge(slates: readonly Slate[], judged: readonly Judged[], market: Market, k: number) {
  const columns = columnsOf(slates, judged, market, k)
  const exposures = new Float64Array(market.companies.length)
  for (const { shown } of slates)
    for (const ordinal of shown) {
      const company = market.company[ordinal] ?? -1
      exposures[company] = (exposures[company] ?? 0) + 1
    }
  return { ndcg: meanOf(columns.ndcg) ?? 0, companyGini: gini(exposures), diversity: meanOf(columns.diversity) }
}

/** Of what is known; null of nothing. */
export function meanOf(column: Float64Array): number | null {
  const known = column.filter((value) => !Number.isNaN(value))
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}
