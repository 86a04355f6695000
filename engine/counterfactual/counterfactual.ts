import { type Name } from '../suitability/expression.js'
import { type Pack, type Rule } from '../suitability/pack.js'
import { type ProductInputs, type Subject } from '../suitability/inputs.js'
import { type Finding, referenceFor } from '../suitability/reference.js'
import { ruleOn } from '../suitability/rulesFor.js'
import { declarationOf, type InputValue } from '../suitability/vocabulary.js'
import { placeOf } from './inputOrder.js'
import { type Alternative, alternatives, comparedIn } from './values.js'

/** One input of the investor as it was, and as it would have had to be. */
export type Change = { readonly input: string; readonly from: InputValue; readonly to: InputValue }

/**
 * What would have permitted a product that was withheld. `changes`: one where one suffices, else the least two, else
 * none. `product`: rules that no change of the investor lifts, by facts of the product or of the day; then no changes.
 */
export type Counterfactual = {
  readonly findings: readonly Finding[]
  readonly changes: readonly Change[]
  readonly product: readonly string[]
}

type Candidate = { readonly field: string; readonly place: number } & Alternative

/**
 * The least change of the investor's inputs under which the reference evaluator permits the product. Least: of the
 * input that comes first in inputOrder.ts; of one input, the value nearest to what it was (values.ts); of two changes,
 * the pair whose larger is the least, then whose smaller is. The request, the day and the product stay as they were. A
 * product that is permitted needs no change.
 */
export function counterfactual(pack: Pack, product: ProductInputs, subject: Subject): Counterfactual {
  const reference = referenceFor(pack)
  const findings = reference.findings(product, subject)
  const rules = findings.flatMap(({ ruleId }) => ruleOn(pack, ruleId, subject.today) ?? [])
  const decidedBy = (product: readonly string[]): Counterfactual => ({ findings, changes: [], product })
  if (findings.length === 0) return decidedBy([])
  if (rules.length < findings.length) return decidedBy(findings.map(({ ruleId }) => ruleId))
  const apart = rules.filter((rule) => !namesOf(rule).some(({ entity }) => entity === 'investor'))
  if (apart.length > 0) return decidedBy(apart.map(({ id }) => id))

  const candidates = candidatesFor(rules, product, subject)
  const lifts =
    (lifted: readonly Rule[]) =>
    (changes: readonly Candidate[]): boolean => {
      const changed = withChanges(subject, changes)
      return lifted.every((rule) => reference.judge(rule, product, changed) === null)
    }
  const permits = (changes: readonly Candidate[]): boolean =>
    lifts(rules)(changes) && reference.findings(product, withChanges(subject, changes)).length === 0
  const least = leastOf(candidates, permits)
  if (least === null) return decidedBy(rules.flatMap((rule) => (leastOf(candidates, lifts([rule])) ? [] : rule.id)))
  return { findings, changes: least.map((change) => shown(change, subject)), product: [] }
}

const namesOf = ({ applies, permits }: Rule): readonly Name[] => [...(applies?.names ?? []), ...permits.names]

const valueIn = ({ investor }: Subject, field: string): InputValue => investor[field as keyof Subject['investor']]

const withChanges = (subject: Subject, changes: readonly Candidate[]): Subject => ({
  ...subject,
  investor: { ...subject.investor, ...Object.fromEntries(changes.map(({ field, to }) => [field, to])) },
})

const shown = ({ field, to }: Candidate, subject: Subject): Change => ({
  input: `investor.${field}`,
  from: valueIn(subject, field),
  to,
})

/** Every alternative of every input of the investor that the rules read, the least first. */
function candidatesFor(rules: readonly Rule[], product: ProductInputs, subject: Subject): readonly Candidate[] {
  const names = rules.flatMap(namesOf)
  const fields = new Set(names.filter(({ entity }) => entity === 'investor').map(({ field }) => field))
  const compared = comparedIn(rules, product, subject)
  return [...fields]
    .map((field) => ({ field, place: placeOf(field) }))
    .sort((a, b) => a.place - b.place)
    .flatMap(({ field, place }) => {
      const declaration = declarationOf('investor', field)
      if (declaration === null) throw new Error(`no declaration of investor.${field}`)
      return alternatives(field, declaration, valueIn(subject, field), compared).map((found) => ({
        field,
        place,
        ...found,
      }))
    })
}

/** Candidates come least first: of a pair the larger is taken from the front, and the smaller from before it. */
function leastOf(
  candidates: readonly Candidate[],
  suffices: (changes: readonly Candidate[]) => boolean,
): readonly Candidate[] | null {
  const single = candidates.find((one) => suffices([one]))
  if (single !== undefined) return [single]
  for (const [at, larger] of candidates.entries())
    for (const smaller of candidates.slice(0, at))
      if (smaller.field !== larger.field && suffices([smaller, larger])) return [smaller, larger]
  return null
}
