import { type PackText, type Rule } from './pack.js'
import { type z } from 'zod'

type Written = z.infer<typeof PackText>
export type PackFaultAt = { readonly path: readonly PropertyKey[]; readonly message: string }

/** What is wrong with a pack as a whole, though each of its rules may be in order. */
export function packFaults(pack: Written, rules: readonly Rule[]): readonly PackFaultAt[] {
  const faults: PackFaultAt[] = []
  if (!isTimeZone(pack.timeZone))
    faults.push({ path: ['timeZone'], message: `"${pack.timeZone}" is no IANA time zone; want such as Asia/Shanghai` })
  if (pack.effectiveTo !== null && pack.effectiveTo <= pack.effectiveFrom)
    faults.push({
      path: ['effectiveTo'],
      message: 'must lie after effectiveFrom: the first day on which it no longer holds',
    })
  // A rule that did not read is told already; what it would have covered cannot be judged.
  if (pack.mode === 'evaluation' || rules.length < pack.rules.length) return faults
  const always = rules.filter((rule) => covers(rule, pack) && rule.scope !== 'self-initiated')
  if (!always.some(matches))
    faults.push({
      path: ['rules'],
      message:
        'no rule compares a product with investor.riskLevel on every day of the pack: it would let anything be recommended to anyone',
    })
  if (!always.some((rule) => rule.refusal !== undefined && rule.applies === null))
    faults.push({
      path: ['rules'],
      message:
        'no rule with a refusal holds on every day of the pack: an investor without an assessment would not be refused',
    })
  return faults
}

const covers = (rule: Rule, pack: Written): boolean =>
  rule.effectiveFrom <= pack.effectiveFrom &&
  (rule.effectiveTo === null || (pack.effectiveTo !== null && pack.effectiveTo <= rule.effectiveTo))

const matches = ({ effect, permits, applies }: Rule): boolean =>
  effect === 'block' &&
  applies === null &&
  permits.names.some(({ entity, field }) => entity === 'investor' && field === 'riskLevel') &&
  permits.names.some(({ entity }) => entity === 'product')

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name })
    return true
  } catch (error) {
    if ((error as Error).name === 'RangeError') return false
    throw error
  }
}
