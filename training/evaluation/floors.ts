import { z } from 'zod'
import { type Floor } from '../../engine/ranking/floor.js'
import { drawOf, floorRows, keptFor, underFloors } from '../../engine/ranking/floors.js'
import { type Release } from '../../engine/release.js'
import { hasBit } from '../../engine/suitability/bitset.js'
import { type Pack } from '../../engine/suitability/pack.js'
import { bootstrapMeans, lessColumn } from './bootstrap.js'
import { columnsOf } from './columns.js'
import { meanOf } from './front.js'
import { type Market } from './market.js'
import { Measured } from './measured.js'
import { type Circumstances, type Judged, type Slate, slatesOf } from './slates.js'

const share = z.number().min(0).max(1)

/** What floors of exposure give and cost; under the caps that serve, suitability on. */
export const FloorsReport = z.strictObject({
  ndcg: z.strictObject({ without: z.number(), with: z.number(), change: Measured.nullable() }),
  /** Of all places shown. `reachable`: of the investors, those who may be shown any of it. */
  floors: z.array(
    z.strictObject({ name: z.string(), minShareBps: z.int(), without: share, with: share, reachable: share }),
  ),
  /** Who newly bought something that nobody had bought before the cut, and how many of them were shown one of theirs. */
  coldBuyers: z.strictObject({ investors: z.int(), without: z.int(), with: z.int() }),
})
export type FloorsReport = z.infer<typeof FloorsReport>

/** Slates of the same nominated candidates without the floors of a release and with them. */
export function floorsReport(
  release: Release,
  floors: readonly Floor[],
  pack: Pack,
  judged: readonly Judged[],
  circumstances: Circumstances,
  measures: { readonly market: Market; readonly seed: number; readonly resamples: number },
): FloorsReport {
  const { market } = measures
  const { k } = circumstances
  const nominated = slatesOf(release, pack, judged, circumstances)
  const served = (keeps: boolean): Slate[] =>
    nominated.map((slate, place) => shownUnder(release, slate, judged[place], keeps, circumstances))
  const [without, kept] = [served(false), served(true)]
  const [before, after] = [columnsOf(without, judged, market, k).ndcg, columnsOf(kept, judged, market, k).ndcg]
  const [change = null] = bootstrapMeans([lessColumn(after, before)], { ...measures, label: 'floors' })
  return {
    ndcg: { without: meanOf(before) ?? 0, with: meanOf(after) ?? 0, change },
    floors: floors.map(({ name, minShareBps }, at) => {
      const isOf = memberOf(release, at, circumstances)
      return {
        ...{ name, minShareBps, without: shareOf(without, isOf), with: shareOf(kept, isOf) },
        reachable: nominated.filter((slate) => slate.nominated.some(isOf)).length / Math.max(1, judged.length),
      }
    }),
    coldBuyers: coldBuyers(without, kept, judged, market),
  }
}

/** The slate as it would be served: the evaluation's own are without caps and floors. */
function shownUnder(
  release: Release,
  { shown, nominated }: Slate,
  judged: Judged | undefined,
  keeps: boolean,
  { catalogue, cut, seed, k }: Circumstances,
): Slate {
  const none = { nominated: [], disagreements: 0 }
  if (shown.length === 0 || judged === undefined) return { ...none, shown: [] }
  const ranked = nominated.flatMap((ordinal) => {
    const product = catalogue.products[ordinal]
    return product === undefined ? [] : [{ ordinal, product, row: release.rowOf.get(product.id) ?? -1 }]
  })
  const draw = (): number => drawOf(seed, cut, judged.snapshot.profile.id)
  const kept = keeps ? keptFor(release, catalogue, judged.snapshot, k, draw) : []
  const { ordered } = underFloors(ranked, k, release.manifest.diversity, kept)
  return { ...none, shown: ordered.slice(0, k).map(({ ordinal }) => ordinal) }
}

/** Whether a product, by its ordinal, is one that the floor is for. */
function memberOf(release: Release, at: number, { catalogue }: Circumstances): (ordinal: number) => boolean {
  const rows = floorRows(release, catalogue)[at]?.rows
  return (ordinal) => {
    const product = catalogue.products[ordinal]
    const row = product && release.rowOf.get(product.id)
    return row !== undefined && rows !== undefined && hasBit(rows, row)
  }
}

function shareOf(slates: readonly Slate[], isOf: (ordinal: number) => boolean): number {
  const shown = slates.flatMap((slate) => slate.shown)
  return shown.filter(isOf).length / Math.max(1, shown.length)
}

function coldBuyers(
  without: readonly Slate[],
  kept: readonly Slate[],
  judged: readonly Judged[],
  { buyers }: Market,
): FloorsReport['coldBuyers'] {
  const theirs = judged.map(({ bought }) => new Set([...bought].filter((ordinal) => buyers[ordinal] === 0)))
  const shown = (slates: readonly Slate[]): number =>
    theirs.filter((cold, place) => slates[place]?.shown.some((ordinal) => cold.has(ordinal)) === true).length
  return { investors: theirs.filter(({ size }) => size > 0).length, without: shown(without), with: shown(kept) }
}
