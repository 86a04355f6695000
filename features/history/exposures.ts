import { type EventId, type DecisionId, type InvestorId, type ProductId } from '../schema/ids.js'
import { type Instant } from '../schema/time.js'
import { type Manifest } from './manifest.js'
import { type Place } from './parquet.js'
import { relation } from './tables.js'

/** An exposure as it was told, by the keys of the history. */
export type ToldExposure = {
  readonly eventId: EventId
  readonly investorId: InvestorId
  readonly productId: ProductId
  readonly decisionId: DecisionId
  readonly rank: number
  readonly occurredAt: Instant
}

/** By when it was shown: from the first instant on, before the second; null: without that bound. */
export type ExposurePeriod = { readonly from: Instant | null; readonly to: Instant | null }

const within = ({ from, to }: ExposurePeriod): string => {
  for (const bound of [from, to])
    if (bound !== null && !Number.isSafeInteger(bound))
      throw new RangeError(`history: got ${bound} as an instant, want whole ms UTC`)
  return `type = 'exposure' AND occurred_at >= ${from ?? -8.64e15} AND occurred_at < ${to ?? 8.64e15}`
}

const fields = `event_id, investor_id, product_id, json_extract_string(payload, '$.decisionId'),
  json_extract_string(payload, '$.rank')::DOUBLE, occurred_at::DOUBLE`

/** Those that callers told of as they happened, in the order of their arrival: one slate's lie together. */
export const exposuresTold = async function* (
  { dir, database }: Place,
  manifest: Manifest,
  period: ExposurePeriod,
): AsyncIterable<readonly ToldExposure[]> {
  const rows = database.stream(`SELECT ${fields} FROM ${relation(dir, manifest, 'events')}
    WHERE ${within(period)} AND source = 'api' ORDER BY seq`)
  for await (const columns of rows)
    yield Array.from({ length: columns[0]?.length ?? 0 }, (_, row) => {
      const [eventId, investorId, productId, decisionId, rank, occurredAt] = columns.map((column) => column[row])
      return {
        eventId,
        investorId,
        productId,
        decisionId,
        rank: Number(rank),
        occurredAt: Number(occurredAt),
      } as ToldExposure
    })
}

/** How many were imported or simulated: shown elsewhere, by decisions that no ledger of ours holds. */
export const exposuresImported = async (
  { dir, database }: Place,
  manifest: Manifest,
  period: ExposurePeriod,
): Promise<number> => {
  const [found] = await database.rows(`SELECT count(*)::DOUBLE FROM ${relation(dir, manifest, 'events')}
    WHERE ${within(period)} AND source <> 'api'`)
  return Number(found?.[0])
}
