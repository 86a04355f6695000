import { type InvestorId, type ProductId } from '../schema/ids.js'
import { type Instant } from '../schema/time.js'
import { type DuckDb } from '../../storage/duckdb.js'
import { cancellations, knownBefore } from './asOf.js'
import { type Manifest } from './manifest.js'
import { type Place } from './parquet.js'
import { type Interactions, interactionTypes, type TakenBack } from './port.js'
import { relation } from './tables.js'

const purchase = interactionTypes.indexOf('purchase')
const view = interactionTypes.indexOf('view')

const interaction = "product_id IS NOT NULL AND type IN ('purchase', 'view', 'content-read')"

async function takenBackOf(database: DuckDb, events: string, known: string): Promise<Map<InvestorId, TakenBack[]>> {
  const found = new Map<InvestorId, TakenBack[]>()
  const cancelled = cancellations(events, known)
  const rows = await database.rows(`SELECT investor_id, type = 'purchase', product_id, occurred_at::DOUBLE,
      known_at::DOUBLE, cancelled_at::DOUBLE
    FROM (SELECT * FROM ${events} WHERE ${interaction} AND ${known}) JOIN ${cancelled} USING (investor_id, event_id)
    ORDER BY investor_id, known_at, event_id`)
  for (const [id, isPurchase, productId, occurredAt, knownAt, cancelledAt] of rows) {
    const one: TakenBack = {
      type: isPurchase === true ? 'purchase' : 'view',
      productId: productId as ProductId,
      occurredAt: Number(occurredAt),
      knownAt: Number(knownAt),
      cancelledAt: Number(cancelledAt),
    }
    const of = found.get(id as InvestorId)
    if (of === undefined) found.set(id as InvestorId, [one])
    else of.push(one)
  }
  return found
}

/** Purchases and views known before an instant, as typed arrays for training. */
export const interactions = async (
  { dir, database }: Place,
  manifest: Manifest,
  asOf: Instant,
): Promise<Interactions> => {
  const events = relation(dir, manifest, 'events')
  const known = knownBefore(asOf)
  const from = `FROM ${events} ANTI JOIN ${cancellations(events, known)} USING (investor_id, event_id)
    WHERE ${interaction} AND ${known}`
  const idsOf = async (column: string): Promise<string[]> =>
    (await database.rows(`SELECT DISTINCT ${column} ${from} ORDER BY ${column}`)).map(([id]) => String(id))
  const [count, investorIds, productIds, takenBack] = await Promise.all([
    database.rows(`SELECT count(*)::DOUBLE ${from}`),
    idsOf('investor_id'),
    idsOf('product_id'),
    takenBackOf(database, events, known),
  ])

  const n = Number(count[0]?.[0])
  const rows = {
    investor: new Int32Array(n),
    product: new Int32Array(n),
    at: new Float64Array(n),
    knownAt: new Float64Array(n),
    type: new Uint8Array(n),
  }
  const [investorIndex, productIndex] = [indexOf(investorIds), indexOf(productIds)]
  let row = 0
  const ordered = `${from} ORDER BY investor_id, occurred_at, product_id, event_id`
  const stream = database.stream(
    `SELECT investor_id, product_id, occurred_at::DOUBLE, type = 'purchase', known_at::DOUBLE ${ordered}`,
  )
  for await (const [investors = [], products = [], instants = [], purchases = [], known = []] of stream) {
    for (const [at, investor] of investors.entries()) {
      rows.investor[row] = investorIndex.get(investor) ?? -1
      rows.product[row] = productIndex.get(products[at]) ?? -1
      rows.at[row] = Number(instants[at])
      rows.knownAt[row] = Number(known[at])
      rows.type[row] = purchases[at] === true ? purchase : view
      row += 1
    }
  }
  return { investorIds: investorIds as InvestorId[], productIds: productIds as ProductId[], rows, takenBack }
}

const indexOf = (ids: readonly string[]): ReadonlyMap<unknown, number> => new Map(ids.map((id, index) => [id, index]))
