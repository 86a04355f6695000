import { type Instant } from '../../features/schema/time.js'
import { type Entry } from '../entry.js'
import { RuleEntry } from '../ruleEntry.js'
import { RuleFault } from './ruleFault.js'
import { bindsFrom } from './ruleLedger.js'
import { afterRule, noRules } from './ruleState.js'
import { packAt } from './schedule.js'

/**
 * Walks a ledger from its first entry on. False for an entry whose pack was not in force for its firm at its instant,
 * and for one about rules that the ones before it do not allow, or that changes what was judged before it. What stands
 * before the first `pack-in-force` was recorded by an earlier version, and is passed over.
 */
export function packWalk(): (entry: Entry) => boolean {
  let state = noRules
  let newest: Instant = -Infinity
  return (entry) => {
    const rule = RuleEntry.safeParse(entry)
    if (rule.success) {
      try {
        const next = afterRule(state, rule.data)
        const isAhead = bindsFrom(state, next) > newest
        state = next
        return isAhead
      } catch (error) {
        if (error instanceof RuleFault) return false
        throw error
      }
    }
    if (!('packDigest' in entry) || state.installation === null) return true
    if (entry.type !== 'decision' || entry.mode === 'live') newest = Math.max(newest, entry.at)
    return packAt(state.schedules, entry.firmId, entry.at) === entry.packDigest
  }
}
