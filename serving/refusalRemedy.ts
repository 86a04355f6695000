import { type Decision } from '../engine/decision.js'
import { type Messages, type Pack } from '../engine/suitability/pack.js'
import { ruleOn } from '../engine/suitability/rulesFor.js'
import { localDate } from '../features/definitions/calendar.js'

/** What the rule behind a refusal says that the investor can do; null for a slate, and where the rule says nothing. */
export function remedyOfRefusal({ outcome, at }: Decision, pack: Pack): Messages | null {
  if (outcome.kind !== 'refusal' || outcome.ruleId === null) return null
  return ruleOn(pack, outcome.ruleId, localDate(at, pack.timeZone))?.remedy ?? null
}
