import { type InvestorGroup } from './backtest.js'
import { type Compared } from './compared.js'
import { Counter, Histogram } from './counting.js'

/** Counts up an `InvestorGroup`. */
export class GroupTally {
  readonly #all = new Counter()
  readonly #changed = new Counter()
  readonly #blocked = new Counter()
  readonly #refused = new Counter()
  readonly #admitted = new Counter()
  readonly #nonPersonal = new Counter()
  readonly #personal = new Counter()
  readonly #before = new Histogram()
  readonly #after = new Histogram()
  #lost = 0
  #gained = 0
  #slates = 0
  #items = 0
  #blockedItems = 0
  #emptied = 0

  add({ before, after, difference, slate, refusalDiffers }: Compared, investor: number): void {
    this.#all.add(investor)
    this.#lost += difference.lostCount
    this.#gained += difference.gainedCount
    const bothServe = before.refused === null && after.refused === null
    const personalDiffers = bothServe && before.personal !== after.personal
    if (difference.lostCount + difference.gainedCount > 0 || refusalDiffers || personalDiffers)
      this.#changed.add(investor)
    if (before.refused === null && after.refused !== null) this.#refused.add(investor)
    if (before.refused !== null && after.refused === null) this.#admitted.add(investor)
    if (personalDiffers) (after.personal ? this.#personal : this.#nonPersonal).add(investor)
    this.#before.add(before.verdicts.permittedCount)
    this.#after.add(after.verdicts.permittedCount)
    this.#addSlate(slate, investor)
  }

  #addSlate(slate: Compared['slate'], investor: number): void {
    if (slate.length === 0) return
    const blocked = slate.filter(({ blockedBy }) => blockedBy.length > 0).length
    this.#slates += 1
    this.#items += slate.length
    this.#blockedItems += blocked
    if (blocked > 0) this.#blocked.add(investor)
    if (blocked === slate.length) this.#emptied += 1
  }

  get group(): InvestorGroup {
    return {
      ...this.#all.affected,
      changed: this.#changed.affected,
      lost: this.#lost,
      gained: this.#gained,
      served: { slates: this.#slates, items: this.#items },
      blocked: { ...this.#blocked.affected, items: this.#blockedItems, emptied: this.#emptied },
      refused: this.#refused.affected,
      admitted: this.#admitted.affected,
      nonPersonal: this.#nonPersonal.affected,
      personal: this.#personal.affected,
      permitted: { before: this.#before.quantiles(), after: this.#after.quantiles() },
    }
  }
}
