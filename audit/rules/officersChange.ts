import { type RuleEntryOf } from '../ruleEntry.js'
import { personOf } from './officer.js'
import { RuleFault } from './ruleFault.js'
import { type RuleState } from './ruleState.js'
import { signersOf } from './signers.js'

/** Four eyes end the single hand for good: from the second officer on every change of the officers takes two. */
export const least = 2

/** Throws `RuleFault`. */
export function changeOfficers(state: RuleState, entry: RuleEntryOf<'officers-change'>): RuleState {
  const { statement } = entry
  const { act, name, publicKey, revision } = statement
  const signers = signersOf(state, entry.type, entry)
  if (revision !== state.revision) throw new RuleFault('officers-changed')
  if (state.fourEyes && signers.length < least) throw new RuleFault('more-officers')
  const officers = new Map(state.officers)
  const known = officers.get(personOf(name))
  if (act === 'add') {
    if (known !== undefined || state.keys.has(publicKey)) throw new RuleFault('officer-known')
    officers.set(personOf(name), { name, publicKey, since: entry.at })
  } else {
    if (known?.publicKey !== publicKey) throw new RuleFault('unknown-officer')
    officers.delete(personOf(name))
    if (state.fourEyes && officers.size < least) throw new RuleFault('too-few-officers')
  }
  const keys = new Set(state.keys).add(publicKey)
  return { ...state, officers, keys, revision: revision + 1, fourEyes: state.fourEyes || officers.size >= least }
}
