import { literal } from '../../storage/duckdb.js'
import { type NavRevisions } from '../definitions/navWindows.js'
import { type ProductId } from '../schema/ids.js'
import { type Instant } from '../schema/time.js'
import { knownBefore } from './asOf.js'
import { type Manifest } from './manifest.js'
import { type Place } from './parquet.js'
import { relation } from './tables.js'

/** A product's NAVs with all their corrections. */
export type ProductNavs = { readonly productId: ProductId; readonly revisions: NavRevisions }

type Growing = { days: number[]; navs: number[]; isReturn: number[]; knownAt: number[] }

/** Every NAV known before an instant, and what it corrected, product by product in the order of their ids. */
export const navsKnown = async function* (
  { dir, database }: Place,
  manifest: Manifest,
  asOf: Instant | null,
  productId: ProductId | null = null,
): AsyncIterable<ProductNavs> {
  const ofProduct = productId === null ? 'true' : `product_id = ${literal(productId)}`
  const rows = database.stream(`SELECT product_id, day::DOUBLE, nav, is_return::DOUBLE, known_at::DOUBLE
    FROM ${relation(dir, manifest, 'navs')} WHERE ${ofProduct} AND ${knownBefore(asOf)}
    ORDER BY product_id, day, known_at, seq`)
  let current = null as { readonly productId: ProductId; readonly revisions: Growing } | null
  for await (const [ids = [], days = [], navs = [], isReturn = [], knownAt = []] of rows)
    for (const [row, id] of ids.entries()) {
      if (id !== current?.productId) {
        if (current !== null) yield current
        current = { productId: id as ProductId, revisions: { days: [], navs: [], isReturn: [], knownAt: [] } }
      }
      current.revisions.days.push(Number(days[row]))
      current.revisions.navs.push(Number(navs[row]))
      current.revisions.isReturn.push(Number(isReturn[row]))
      current.revisions.knownAt.push(Number(knownAt[row]))
    }
  if (current !== null) yield current
}

/**
 * Staged NAVs that the history at `existing` does not hold yet. One that differs from what it holds of its day, and
 * says that it was known no later, is a correction that was learnt at `learntAt`: what was known before stays. One that
 * was told before, or equals the newest of its day, is not told again.
 */
export const selectFreshNavs = (staged: string, existing: string, learntAt: Instant): string => `
  WITH held AS (SELECT * FROM ${existing} SEMI JOIN ${staged} USING (product_id, day)),
       newest AS (SELECT * FROM held
         QUALIFY row_number() OVER (PARTITION BY product_id, day ORDER BY known_at DESC, seq DESC) = 1)
  SELECT staged.* REPLACE (
    CASE WHEN newest.known_at >= staged.known_at THEN greatest(newest.known_at, ${learntAt}) ELSE staged.known_at END
      AS known_at)
  FROM (SELECT * FROM ${staged} ANTI JOIN held USING (product_id, day, nav, is_return, known_at)) AS staged
    LEFT JOIN newest USING (product_id, day)
  WHERE staged.nav IS DISTINCT FROM newest.nav OR staged.is_return IS DISTINCT FROM newest.is_return`
