import { holdingsOf } from '../features/definitions/holdings.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type Trades } from '../features/schema/holdings.js'
import { type ProductId } from '../features/schema/ids.js'
import { type InvestorSnapshot } from '../features/schema/records.js'
import { type Instant, type LocalDate } from '../features/schema/time.js'
import { productInputsOf, subjectOf } from './suitability/inputs.js'
import { type Pack, type Rule } from './suitability/pack.js'
import { type Finding, referenceFor } from './suitability/reference.js'
import { packInForce, ruleOn } from './suitability/rulesFor.js'

/** What an investor holds, matched again (CSRC Order 130 Art 21). */
export type Rematched = {
  /** Ids of the pack's rules of rematching that are in force on `today`; none: nothing could be judged. */
  readonly rules: readonly string[]
  readonly today: LocalDate
  /** Whether the level rests on an assessment that counts: one that is predicted or expired was matched all the same. */
  readonly assessmentCounts: boolean
  readonly fits: readonly ProductId[]
  readonly noLonger: readonly { readonly productId: ProductId; readonly findings: readonly Finding[] }[]
  /** Held, and of unknown fit: not in the catalogue, or the pack names no rule. */
  readonly unjudged: readonly ProductId[]
}

/** Products of which at least a part is held, by id. */
export const heldProducts = (trades: Trades): readonly ProductId[] =>
  holdingsOf(trades)
    .positions.filter(({ lots }) => lots.length > 0)
    .map(({ productId }) => productId)

/**
 * Judges products by the pack's rules of rematching and the reference evaluator, for an investor as he is known at `at`.
 * Whatever a rule's scope: what was bought of one's own accord is matched by the same measure.
 */
export function rematch(
  pack: Pack,
  investor: InvestorSnapshot,
  held: readonly ProductId[],
  catalogue: Catalogue,
  at: Instant,
): Rematched {
  const subject = subjectOf(investor, 'push', pack, at)
  const { today } = subject
  const rules = packInForce(pack, subject) ? rematchRules(pack, today) : []
  const reference = referenceFor(pack)
  const fits: ProductId[] = []
  const noLonger: Rematched['noLonger'][number][] = []
  const unjudged: ProductId[] = []
  for (const productId of held) {
    const product = catalogue.products[catalogue.ordinalOf.get(productId) ?? -1]
    if (product === undefined || rules.length === 0) {
      unjudged.push(productId)
      continue
    }
    const inputs = productInputsOf(product, pack.timeZone)
    const findings = rules.flatMap((rule) => reference.judge(rule, inputs, subject) ?? [])
    if (findings.length === 0) fits.push(productId)
    else noLonger.push({ productId, findings })
  }
  const assessmentCounts = subject.investor.assessmentExpired === false
  return { rules: rules.map(({ id }) => id), today, assessmentCounts, fits, noLonger, unjudged }
}

/** The pack's rules of rematching that are in force on a day of its calendar. */
export const rematchRules = (pack: Pack, today: LocalDate): readonly Rule[] =>
  (pack.rematch?.rules ?? []).flatMap((id) => ruleOn(pack, id, today) ?? [])
