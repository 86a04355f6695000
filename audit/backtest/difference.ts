import { andInto, type Bitset, countBits, withoutInto } from '../../engine/suitability/bitset.js'
import { type Ruled } from '../../engine/suitability/compileRule.js'
import { type Verdicts } from '../../engine/suitability/verdicts.js'

/** What was permitted and no longer is, and the other way round: sets of ordinals, shared, so never written to. */
export type Difference = {
  readonly lost: Bitset
  readonly lostCount: number
  /** The rules of the later verdicts that withhold some of the lost, and how many; in the pack's order. */
  readonly lostBy: readonly RuleCount[]
  readonly gained: Bitset
  readonly gainedCount: number
  /** The rules of the earlier verdicts that withheld some of the gained. */
  readonly gainedBy: readonly RuleCount[]
}
export type RuleCount = { readonly ruleId: string; readonly products: number }

const known = new WeakMap<Verdicts, WeakMap<Verdicts, Difference>>()

/** Of verdicts over one catalogue. Verdicts are shared by all subjects of a class, so most differences were taken before. */
export function differenceOf(before: Verdicts, after: Verdicts): Difference {
  let from = known.get(before)
  if (from === undefined) known.set(before, (from = new WeakMap()))
  let difference = from.get(after)
  if (difference === undefined) from.set(after, (difference = compare(before, after)))
  return difference
}

function compare(before: Verdicts, after: Verdicts): Difference {
  const lost = without(before.permitted, after.permitted)
  const gained = without(after.permitted, before.permitted)
  const [lostCount, gainedCount] = [countBits(lost), countBits(gained)]
  return {
    lost,
    lostCount,
    lostBy: lostCount === 0 ? [] : rulesOver(lost, after.blockedBy),
    gained,
    gainedCount,
    gainedBy: gainedCount === 0 ? [] : rulesOver(gained, before.blockedBy),
  }
}

function without(some: Bitset, others: Bitset): Bitset {
  const rest = some.slice()
  withoutInto(rest, others)
  return rest
}

const rulesOver = (some: Bitset, rules: readonly Ruled[]): readonly RuleCount[] =>
  rules.flatMap(({ ruleId, bits }) => {
    const both = bits.slice()
    andInto(both, some)
    const products = countBits(both)
    return products === 0 ? [] : [{ ruleId, products }]
  })
