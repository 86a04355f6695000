import { type RefusalChange, type RuleShare } from './backtest.js'
import { type Compared, keyOf } from './compared.js'
import { at, Counter } from './counting.js'
import { type RuleCount } from './difference.js'

/** Counts up what each rule does, and the refusals that differ. */
export class RuleTally {
  readonly #lost = new Map<string, Share>()
  readonly #gained = new Map<string, Share>()
  readonly #blocked = new Map<string, Share>()
  readonly #refusals = new Map<string, Omit<RefusalChange, 'decisions' | 'investors'> & { readonly counter: Counter }>()

  add({ before, after, difference, slate, refusalDiffers }: Compared, investor: number): void {
    addShares(this.#lost, difference.lostBy, investor)
    addShares(this.#gained, difference.gainedBy, investor)
    addShares(this.#blocked, blockers(slate), investor)
    if (!refusalDiffers) return
    const change = { before: before.refused, after: after.refused }
    const key = `${keyOf(change.before)} → ${keyOf(change.after)}`
    at(this.#refusals, key, () => ({ ...change, counter: new Counter() })).counter.add(investor)
  }

  get rules(): readonly RuleShare[] {
    const ids = [...new Set([...this.#lost.keys(), ...this.#gained.keys(), ...this.#blocked.keys()])]
    return ids
      .map((ruleId) => {
        const { products: items, ...slates } = shareOf(this.#blocked, ruleId)
        const [lost, gained] = [shareOf(this.#lost, ruleId), shareOf(this.#gained, ruleId)]
        return { ruleId, lost: pairs(lost), gained: pairs(gained), blocked: { ...slates, items } }
      })
      .sort((a, b) => b.lost.pairs + b.gained.pairs - a.lost.pairs - a.gained.pairs || (a.ruleId < b.ruleId ? -1 : 1))
  }

  get refusals(): readonly RefusalChange[] {
    return [...this.#refusals]
      .map(([key, { counter, ...change }]) => ({ key, change: { ...change, ...counter.affected } }))
      .sort((a, b) => b.change.decisions - a.change.decisions || (a.key < b.key ? -1 : 1))
      .map(({ change }) => change)
  }
}

type Share = { products: number; readonly counter: Counter }

function addShares(shares: Map<string, Share>, counts: readonly RuleCount[], investor: number): void {
  for (const { ruleId, products } of counts) {
    const share = at(shares, ruleId, () => ({ products: 0, counter: new Counter() }))
    share.products += products
    share.counter.add(investor)
  }
}

/** How many items of the slate each rule blocks. */
function blockers(slate: Compared['slate']): readonly RuleCount[] {
  const items = new Map<string, number>()
  for (const { blockedBy } of slate) for (const ruleId of blockedBy) items.set(ruleId, (items.get(ruleId) ?? 0) + 1)
  return Array.from(items, ([ruleId, products]) => ({ ruleId, products }))
}

const shareOf = (shares: Map<string, Share>, ruleId: string) => {
  const share = shares.get(ruleId)
  return { products: share?.products ?? 0, ...(share?.counter.affected ?? { decisions: 0, investors: 0 }) }
}

const pairs = ({ products, ...affected }: ReturnType<typeof shareOf>) => ({ ...affected, pairs: products })
