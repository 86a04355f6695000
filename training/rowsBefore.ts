import { type Interactions as Recorded, interactionTypes, type TakenBack } from '../features/history/port.js'
import { compareIds, type InvestorId } from '../features/schema/ids.js'
import { type Instant } from '../features/schema/time.js'

/** Some of the rows, in their order, over the same investors and products. */
export function rowsWhere(recorded: Recorded, isKept: (row: number) => boolean): Recorded {
  const { investor, product, at, knownAt, type } = recorded.rows
  const keep = (_: number, row: number): boolean => isKept(row)
  return {
    ...recorded,
    rows: {
      investor: investor.filter(keep),
      product: product.filter(keep),
      at: at.filter(keep),
      knownAt: knownAt.filter(keep),
      type: type.filter(keep),
    },
  }
}

/** The rows known before an instant, those included of which it was told later that they were in error. */
export function rowsBefore(recorded: Recorded, cut: Instant): Recorded {
  const before = rowsWhere(recorded, (row) => (recorded.rows.knownAt[row] ?? cut) < cut)
  if (recorded.takenBack === undefined) return before
  const standing: Standing[] = []
  const takenBack = new Map<InvestorId, readonly TakenBack[]>()
  for (const [id, all] of recorded.takenBack) {
    const known = all.filter(({ knownAt }) => knownAt < cut)
    const cancelled = known.filter(({ cancelledAt }) => cancelledAt < cut)
    for (const one of known) if (one.cancelledAt >= cut) standing.push({ ...one, id })
    if (cancelled.length > 0) takenBack.set(id, cancelled)
  }
  return { ...(standing.length === 0 ? before : withStanding(before, standing)), takenBack }
}

type Standing = TakenBack & { readonly id: InvestorId }

const compareStanding = (a: Standing, b: Standing): number =>
  compareIds(a.id, b.id) || a.occurredAt - b.occurredAt || compareIds(a.productId, b.productId)

/** The rows with others between them, where their order wants these. */
function withStanding(before: Recorded, standing: readonly Standing[]): Recorded {
  const sorted = [...standing].sort(compareStanding)
  const investors = joined(
    before.investorIds,
    sorted.map(({ id }) => id),
  )
  const products = joined(
    before.productIds,
    sorted.map(({ productId }) => productId),
  )
  const { rows } = before
  const moved = { ...rows, investor: rows.investor.map(investors.moved), product: rows.product.map(products.moved) }
  const own = sorted.map((one): Row => [investors.placeOf(one.id), one.occurredAt, products.placeOf(one.productId)])
  const places = own.map((one) => firstAfter(moved, one))

  /** `into` as `from`, with the values of those others before the rows at their places. */
  const spliced = <A extends Int32Array | Float64Array | Uint8Array>(
    into: A,
    from: A,
    values: readonly number[],
  ): A => {
    let copied = 0
    for (const [n, place] of places.entries()) {
      into.set(from.subarray(copied, place), copied + n)
      into[place + n] = values[n] ?? 0
      copied = place
    }
    into.set(from.subarray(copied), copied + places.length)
    return into
  }
  const length = rows.at.length + sorted.length
  return {
    ...before,
    investorIds: investors.ids,
    productIds: products.ids,
    rows: {
      investor: spliced(
        new Int32Array(length),
        moved.investor,
        own.map(([investor]) => investor),
      ),
      at: spliced(
        new Float64Array(length),
        rows.at,
        own.map(([, at]) => at),
      ),
      product: spliced(
        new Int32Array(length),
        moved.product,
        own.map(([, , product]) => product),
      ),
      knownAt: spliced(
        new Float64Array(length),
        rows.knownAt,
        sorted.map(({ knownAt }) => knownAt),
      ),
      type: spliced(
        new Uint8Array(length),
        rows.type,
        sorted.map(({ type }) => interactionTypes.indexOf(type)),
      ),
    },
  }
}

type Row = readonly [investor: number, at: number, product: number]

/** The first row that comes after one in the order of the rows. */
function firstAfter({ investor, at, product }: Recorded['rows'], [ofInvestor, when, ofProduct]: Row): number {
  let [from, to] = [0, at.length]
  while (from < to) {
    const row = (from + to) >> 1
    const order = (investor[row] ?? 0) - ofInvestor || (at[row] ?? 0) - when || (product[row] ?? 0) - ofProduct
    if (order <= 0) from = row + 1
    else to = row
  }
  return from
}

/** Both lists' ids, sorted; where each lies, and where the one that lay at a place of `ids` came to lie. */
function joined<Id extends string>(ids: readonly Id[], others: readonly Id[]) {
  const all = [...new Set([...ids, ...others])].sort(compareIds)
  const places = new Map(all.map((id, place) => [id, place]))
  const placeOf = (id: Id): number => places.get(id) ?? -1
  const movedTo = ids.map(placeOf)
  return { ids: all, placeOf, moved: (place: number): number => movedTo[place] ?? -1 }
}
