import { leastReturns, type NavWindow, type NavWindowFacts, windowMonths } from '../definitions/navWindows.js'
import { longestGapDays } from '../definitions/navFacts.js'
import { type ProductId } from '../schema/ids.js'
import { dateOfDayNumber, type Instant } from '../schema/time.js'
import { knownBefore } from './asOf.js'
import { type Manifest } from './manifest.js'
import { type Place } from './parquet.js'
import { relation } from './tables.js'

export type ProductWindows = { readonly productId: ProductId; readonly facts: NavWindowFacts }

/** No window begins longer before the newest NAV. */
const reachDays = 3 * 366 + longestGapDays

/** Rows: product, its newest day and NAV, months, return, volatility, drawdown, returns; by product, then months. */
const windowsSql = (from: string, asOf: Instant): string => `
  WITH told AS (SELECT * FROM ${from} WHERE ${knownBefore(asOf)}),
  ends AS (SELECT product_id, max(day) AS newest FROM told GROUP BY product_id),
  known AS (SELECT told.* FROM told JOIN ends USING (product_id) WHERE day >= newest - ${reachDays}
    QUALIFY row_number() OVER (PARTITION BY product_id, day ORDER BY known_at DESC, seq DESC) = 1),
  steps AS (SELECT product_id, day, nav, is_return, lag(nav) OVER per_product AS nav_before,
      day - lag(day) OVER per_product AS gap
    FROM known WINDOW per_product AS (PARTITION BY product_id ORDER BY day)),
  valued AS (SELECT *, nav * product(CASE WHEN is_return = 0 THEN coalesce(nav_before / nav, 1) ELSE 1 END)
      OVER (PARTITION BY product_id ORDER BY day) AS value
    FROM steps),
  windows AS (SELECT product_id, months,
      (DATE '1970-01-01' + newest::INTEGER - to_months(months))::DATE - DATE '1970-01-01' AS begins
    FROM ends CROSS JOIN (SELECT unnest([${windowMonths.join(', ')}]) AS months)),
  covered AS (SELECT product_id, months, max(day) AS from_day
    FROM windows JOIN known USING (product_id) WHERE day <= begins
    GROUP BY product_id, months, begins HAVING begins - max(day) <= ${longestGapDays}),
  inside AS (SELECT product_id, months, day, value, gap, day > from_day AS is_step,
      CASE WHEN day > from_day AND is_return = 1 THEN nav / nav_before - 1 END AS step,
      max(value) OVER (PARTITION BY product_id, months ORDER BY day) AS peak
    FROM covered JOIN valued USING (product_id) WHERE day >= from_day),
  measured AS (SELECT product_id, months, arg_max(value, day) / arg_min(value, day) - 1 AS total_return,
      stddev_samp(step) AS deviation, max(1 - value / peak) AS max_drawdown, count(step) AS returns,
      count_if(is_step) // 2 AS half,
      CASE WHEN count_if(is_step AND gap <= 4) > half THEN 252
        WHEN count_if(is_step AND gap <= 10) > half THEN 52
        WHEN count_if(is_step AND gap <= 45) > half THEN 12 END AS per_year
    FROM inside GROUP BY product_id, months)
  SELECT product_id, known.day::DOUBLE, known.nav, months::DOUBLE, total_return,
    CASE WHEN returns >= greatest(${leastReturns}, per_year * months / 24) THEN deviation * sqrt(per_year) END,
    max_drawdown, coalesce(returns, 0)::DOUBLE
  FROM windows JOIN ends USING (product_id) JOIN known ON known.product_id = windows.product_id AND known.day = newest
    LEFT JOIN measured USING (product_id, months)
  ORDER BY product_id, months`

const orNull = (cell: unknown): number | null => (cell === null ? null : Number(cell))

/** The windows of every product of which a NAV was known before an instant, by id: one query. */
export const navWindowsAsOf = async (
  { dir, database }: Place,
  manifest: Manifest,
  asOf: Instant,
): Promise<readonly ProductWindows[]> => {
  const products: { productId: ProductId; facts: NavWindowFacts & { windows: NavWindow[] } }[] = []
  for (const cells of await database.rows(windowsSql(relation(dir, manifest, 'navs'), asOf))) {
    const [id, day, nav, months, totalReturn, volatility, maxDrawdown, returns] = cells
    if (products.at(-1)?.productId !== id) {
      const facts = { navDate: dateOfDayNumber(Number(day)), nav: Number(nav), windows: [] }
      products.push({ productId: id as ProductId, facts })
    }
    products.at(-1)?.facts.windows.push({
      months: Number(months),
      totalReturn: orNull(totalReturn),
      volatility: orNull(volatility),
      maxDrawdown: orNull(maxDrawdown),
      returns: Number(returns),
    })
  }
  return products
}
