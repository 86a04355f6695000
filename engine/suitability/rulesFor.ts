import { type LocalDate } from '../../features/schema/time.js'
import { type Subject } from './inputs.js'
import { type Pack, type Rule } from './pack.js'

const inForce = (dated: { effectiveFrom: LocalDate; effectiveTo: LocalDate | null }, today: LocalDate): boolean =>
  dated.effectiveFrom <= today && (dated.effectiveTo === null || today < dated.effectiveTo)

/** Stands in findings and verdicts where the pack itself is not in force: then nothing is permitted. */
export const packNotInForce = 'PACK-NOT-IN-FORCE'

/** Whether a pack judges at all. A live pack without a rule that applies would permit everything: it judges nothing. */
export const packInForce = (pack: Pack, subject: Subject): boolean =>
  inForce(pack, subject.today) &&
  (pack.mode === 'evaluation' || rulesFor(pack, subject).some(({ effect }) => effect === 'block'))

/** The rules that apply to a subject on his day of the pack's calendar, in the pack's order. */
export const rulesFor = (pack: Pack, subject: Pick<Subject, 'today' | 'context'>): readonly Rule[] =>
  pack.rules.filter(
    (rule) => inForce(rule, subject.today) && (rule.scope === 'both' || rule.scope === subject.context.initiation),
  )

/** The version of a rule that is in force on a day, whatever its scope; null where none is. */
export const ruleOn = (pack: Pack, ruleId: string, today: LocalDate): Rule | null =>
  pack.rules.find((rule) => rule.id === ruleId && inForce(rule, today)) ?? null
