import { type RuleEntry, RuleEntry as Schema, ruleEntryId } from '../ruleEntry.js'
import { type Instant } from '../../features/schema/time.js'
import { type Ledger, type LedgerIndex } from '../ledger.js'
import { RuleFault } from './ruleFault.js'
import { afterRule, noRules, type RuleState } from './ruleState.js'

/** An entry about rules that the ones before it do not allow: it was not written by this program. */
export class RuleRecordError extends Error {
  constructor(entryId: string, message: string) {
    super(`ledger: entry ${entryId} about rules does not hold (${message}); serve with a ledger restored from a backup`)
    this.name = 'RuleRecordError'
  }
}

/** What the ledger says of rules, every signature checked anew. Throws `RuleRecordError`. */
export async function readRules(ledger: Pick<Ledger, 'get'>): Promise<RuleState> {
  for (let state = noRules; ;) {
    const entryId = ruleEntryId(state.entries + 1)
    const found = await ledger.get(entryId)
    if (found === null) return state
    const entry = Schema.safeParse(found.entry)
    if (!entry.success) throw new RuleRecordError(entryId, 'it is of another type')
    try {
      state = afterRule(state, entry.data)
    } catch (error) {
      if (error instanceof RuleFault) throw new RuleRecordError(entryId, error.message)
      throw error
    }
  }
}

/** A rule entry without what the ledger gives it. */
export type NewRule<T extends RuleEntry = RuleEntry> = T extends RuleEntry ? Omit<T, 'v' | 'entryId' | 'at'> : never

export type RuleLedger = {
  readonly state: () => RuleState
  /**
   * What is being written: until it is known whether it lies in the ledger, nobody can say which pack is in force from
   * `from` on. Where writing failed it stays so until the ledger is opened again.
   */
  readonly underWay: () => { readonly from: Instant } | null
  /** Throws `RuleFault` where the entry would not be allowed now. */
  readonly check: (rule: NewRule, at: Instant) => void
  /** Throws `RuleFault` and appends nothing where the entry is not allowed. One at a time; durable when resolved. */
  readonly append: (rule: NewRule, instant: () => Instant) => Promise<RecordedRule>
}

export type RecordedRule = { readonly index: LedgerIndex; readonly entry: RuleEntry }

/** The earliest instant at which another pack is in force after an entry than before it; infinite where none is. */
export function bindsFrom(before: RuleState, after: RuleState): Instant {
  if (before.schedules === after.schedules) return Infinity
  const changes = ({ schedules }: RuleState) => [...schedules.values()].flat()
  const [was, is] = [changes(before), changes(after)]
  const changed = [...was.filter((one) => !is.includes(one)), ...is.filter((one) => !was.includes(one))]
  return Math.min(...changed.map(({ from }) => from))
}

export async function openRuleLedger(ledger: Ledger): Promise<RuleLedger> {
  let state = await readRules(ledger)
  let underWay: { readonly from: Instant } | null = null
  let failed: unknown = null
  let turn: Promise<unknown> = Promise.resolve()

  const entryOf = (rule: NewRule, at: Instant): RuleEntry =>
    Schema.parse({ v: 1, entryId: ruleEntryId(state.entries + 1), at, ...rule })

  const appendNow = async (rule: NewRule, instant: () => Instant): Promise<RecordedRule> => {
    if (underWay !== null) throw failed
    const entry = entryOf(rule, instant())
    const next = afterRule(state, entry)
    underWay = { from: bindsFrom(state, next) }
    const index = await ledger.append(entry).catch((error: unknown) => {
      failed = error
      throw error
    })
    state = next
    underWay = null
    return { index, entry }
  }

  return {
    state: () => state,
    underWay: () => underWay,
    check: (rule, at) => void afterRule(state, entryOf(rule, at)),
    append: (rule, instant) => {
      const appended = turn.then(() => appendNow(rule, instant))
      turn = appended.catch(() => undefined)
      return appended
    },
  }
}
