import { compareIds, type InvestorId, type ProductId } from '../../features/schema/ids.js'
import { type Catalogue } from '../../features/schema/catalogue.js'
import { type InvestorSnapshot } from '../../features/schema/records.js'
import { randomFor } from '../random.js'
import { jackknife } from './jackknife.js'
import { type EvaluationReport } from './report.js'
import { type Judged } from './slates.js'

/** At most `most` ids, drawn by the seed and not by the order in which they come; in code-unit order. */
export function drawInvestors(ids: Iterable<InvestorId>, most: number, seed: number): InvestorId[] {
  const drawn = [...ids].sort(compareIds)
  const { uniform } = randomFor(seed, 'evaluation investors')
  for (let place = 0; place < Math.min(most, drawn.length - 1); place++) {
    const other = place + Math.floor(uniform() * (drawn.length - place))
    const [a, b] = [drawn[place], drawn[other]]
    if (a !== undefined && b !== undefined) [drawn[place], drawn[other]] = [b, a]
  }
  return drawn.slice(0, most).sort(compareIds)
}

/** What is judged of an investor; products that the catalogue does not have are left out of his past. */
export function judgedOf(snapshot: InvestorSnapshot, bought: Iterable<ProductId>, { ordinalOf }: Catalogue): Judged {
  const ordinals = (ids: Iterable<ProductId>): number[] => [...ids].flatMap((id) => ordinalOf.get(id) ?? [])
  const past = ordinals(snapshot.behaviour.purchased.map(({ productId }) => productId))
  return { snapshot, past, bought: new Set(ordinals(bought)) }
}

/** What the live pack would not have recommended, of what the judged bought of their own accord. */
export function forbiddenOf(
  judged: readonly Judged[],
  permits: readonly ((ordinal: number) => boolean)[],
): EvaluationReport['heldOut'] | null {
  const counts = judged.map(({ bought }, place) => ({
    bought: bought.size,
    forbidden: [...bought].filter((ordinal) => permits[place]?.(ordinal) !== true).length,
  }))
  const purchases = counts.reduce((sum, count) => sum + count.bought, 0)
  const forbidden = counts.reduce((sum, count) => sum + count.forbidden, 0)
  const share = jackknife(forbidden / purchases, counts.length, (at) => {
    const [count, rest] = [counts[at], purchases - (counts[at]?.bought ?? 0)]
    return count === undefined || rest === 0 ? null : (forbidden - count.forbidden) / rest
  })
  return share && { purchases, forbidden, forbiddenShare: share }
}
