import { randomFor } from '../../features/definitions/random.js'
import { type Catalogue } from '../../features/schema/catalogue.js'
import { type CompanyId, type InvestorId } from '../../features/schema/ids.js'
import { type Instant } from '../../features/schema/time.js'
import { type Product } from '../../features/schema/product.js'
import { type InvestorSnapshot } from '../../features/schema/records.js'
import { type Release } from '../release.js'
import { type Bitset, bitsWhere, hasBit } from '../suitability/bitset.js'
import { type Diversity, diversify } from './diversify.js'
import { type Floor, whole } from './floor.js'

/**
 * Uniform over 0 to 9,999, of one decision: a record's seed, instant and investor give it again. `who` is null where the
 * slate is not his own.
 */
export const drawOf = (seed: number, at: Instant, who: InvestorId | null): number =>
  Math.floor(whole * randomFor(seed, `floors ${at} ${who ?? ''}`).uniform())

/**
 * [floors] places of a slate of `size` that each gets under a draw: systematic sampling (Madow and Madow 1944), so that
 * each has its share of all places in the mean, within one of it in every slate, and all together no more than `size`.
 */
export function placesOf(floors: readonly Pick<Floor, 'minShareBps'>[], size: number, draw: number): number[] {
  let before = 0
  return floors.map(({ minShareBps }) => {
    const after = before + size * minShareBps
    const places = Math.floor((after + draw) / whole) - Math.floor((before + draw) / whole)
    before = after
    return places
  })
}

/** The rows of a release that a floor is for; where it names products, in their order. */
export type FloorRows = { readonly rows: Bitset; readonly order: readonly number[] | null }
/** What a floor keeps in one slate. */
export type Kept = FloorRows & { readonly name: string; readonly places: number }

/**
 * The floors of a release that get a place in a slate of `size`, under a draw; `who` is null where it is not his own.
 * Their rows are shared and never written to.
 */
export function keptFor(
  release: Release,
  catalogue: Catalogue,
  who: InvestorSnapshot | null,
  size: number,
  draw: () => number,
): readonly Kept[] {
  const { floors } = release.manifest
  if (floors === undefined) return []
  const [of, places] = [floorRows(release, catalogue), placesOf(floors, size, draw())]
  return floors.flatMap(({ name }, at) => {
    const [own, held] = [of[at], places[at] ?? 0]
    if (own === undefined || held === 0) return []
    return [{ name, places: held, rows: own.rows, order: own.order && viewedFirst(own.order, who, release) }]
  })
}

function viewedFirst(order: readonly number[], who: InvestorSnapshot | null, { rowOf }: Release): readonly number[] {
  const viewed = new Set(who?.behaviour.viewed.map(({ productId }) => rowOf.get(productId)))
  const isViewed = (row: number): boolean => viewed.has(row)
  return viewed.size === 0 ? order : [...order.filter(isViewed), ...order.filter((row) => !isViewed(row))]
}

export type Ordered<T> = {
  readonly ordered: readonly T[]
  /** By candidate that the first `size` would not hold without floors: the floor that it is of. */
  readonly placed: ReadonlyMap<T, string>
}

/** Candidates, best first, under the caps and what is kept. */
export function underFloors<T extends { readonly product: Product; readonly row: number }>(
  ranked: readonly T[],
  size: number,
  caps: Diversity,
  kept: readonly Kept[],
): Ordered<T> {
  const plain = diversify(ranked, size, caps)
  if (kept.length === 0) return { ordered: plain, placed: new Map() }
  const reserved = kept.map(({ places, rows, order }) => ({ places, candidates: ownOf(ranked, rows, order) }))
  const ordered = diversify(ranked, size, caps, reserved)
  const otherwise = new Set(plain.slice(0, size))
  const placed = ordered.slice(0, size).flatMap((one): [T, string][] => {
    const floor = kept.find(({ rows }) => hasBit(rows, one.row))
    return floor === undefined || otherwise.has(one) ? [] : [[one, floor.name]]
  })
  return { ordered, placed: new Map(placed) }
}

/** The candidates that a floor is for, as it prefers them: by score, or in the order of its products. */
function ownOf<T extends { readonly row: number }>(ranked: readonly T[], rows: Bitset, order: FloorRows['order']): T[] {
  const own = ranked.filter(({ row }) => hasBit(rows, row))
  if (order === null) return own
  const placeOf = new Map(order.map((row, place) => [row, place]))
  return own.sort((a, b) => (placeOf.get(a.row) ?? 0) - (placeOf.get(b.row) ?? 0))
}

const known = new WeakMap<Release, WeakMap<Catalogue['products'], readonly FloorRows[]>>()

/** [floors] rows of the release whose products each is for. Shared: never written to. */
export function floorRows(release: Release, catalogue: Catalogue): readonly FloorRows[] {
  let ofRelease = known.get(release)
  if (ofRelease === undefined) known.set(release, (ofRelease = new WeakMap()))
  let rows = ofRelease.get(catalogue.products)
  if (rows === undefined) ofRelease.set(catalogue.products, (rows = membersOf(release, catalogue)))
  return rows
}

function membersOf({ manifest, vectors, rowOf }: Release, { products, ordinalOf }: Catalogue): readonly FloorRows[] {
  const count = vectors.productIds.length
  const companyOf = vectors.productIds.map((id) => products[ordinalOf.get(id) ?? -1]?.companyId)
  return (manifest.floors ?? []).map(({ of }) => {
    if ('products' in of) {
      const order = of.products.flatMap((id) => rowOf.get(id) ?? [])
      const members = new Set(order)
      return { rows: bitsWhere(count, (row) => members.has(row)), order }
    }
    const companies: ReadonlySet<CompanyId | undefined> = new Set(of.companies)
    return { rows: bitsWhere(count, (row) => companies.has(companyOf[row])), order: null }
  })
}
