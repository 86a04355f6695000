import { subjectOf } from '../engine/suitability/inputs.js'
import { type Pack } from '../engine/suitability/pack.js'
import { compilePack } from '../engine/suitability/verdicts.js'
import { type InvestorId } from '../features/schema/ids.js'
import { type Instant } from '../features/schema/time.js'
import { type Market } from './rulesMarket.js'
import { rounded } from './suite.js'

export type Initiation = 'push' | 'self-initiated'

/** How often the class of a visitor of the last month was met before among so many. */
export function classesMet(market: Market, pack: Pack, initiation: Initiation, asOf: Instant): string {
  const compiled = compilePack(market.products, pack)
  const classes = new Map<InvestorId, string>()
  for (const [id, known] of market.investors)
    classes.set(id, compiled.classOf(subjectOf(known, initiation, pack, asOf)))
  const visits = market.visits.map((id) => classes.get(id) ?? '')
  const shares = [128, 512, 1024, Infinity].map(
    (kept) => `${rounded(hitsOf(visits, kept) * 100, 1)} % where ${kept} are kept`,
  )
  return `${initiation}: ${new Set(classes.values()).size} classes among ${classes.size} investors; of ${visits.length} visits in the last month, the class was kept from an earlier one in ${shares.join(', ')}.`
}

/** Share of the names that are among the `limit` most recently used. */
export function hitsOf(names: readonly string[], limit: number): number {
  const kept = new Set<string>()
  let hits = 0
  for (const name of names) {
    if (kept.delete(name)) hits += 1
    kept.add(name)
    if (kept.size > limit) kept.delete(kept.values().next().value ?? '')
  }
  return hits / names.length
}
