import { type RefusalCode } from './decision.js'
import { type Subject } from './suitability/inputs.js'
import { type Pack } from './suitability/pack.js'
import { type Reference } from './suitability/reference.js'
import { packInForce, packNotInForce, rulesFor } from './suitability/rulesFor.js'

export type Gate =
  | { readonly open: true; readonly personal: boolean }
  | { readonly open: false; readonly refusal: RefusalCode; readonly ruleId: string }

/** The rules about the investor alone, in the pack's order: the first that names a refusal closes the gate. */
export function gate(pack: Pack, reference: Reference, subject: Subject): Gate {
  if (!packInForce(pack, subject)) return { open: false, refusal: 'no-suitable-product', ruleId: packNotInForce }
  let personal = true
  for (const rule of rulesFor(pack, subject)) {
    if (rule.refusal === undefined && rule.effect === 'block') continue
    const finding = reference.judge(rule, null, subject)
    if (finding === null) continue
    if (rule.effect === 'non-personal') personal = false
    // A rule that names no refusal for what was found, or that erred, still closes: it would block every product.
    else return { open: false, refusal: refusalOf(rule.refusal, finding.code), ruleId: rule.id }
  }
  return { open: true, personal }
}

function refusalOf(named: Pack['rules'][number]['refusal'], code: 'unmet' | 'missing' | 'RULE-ERROR'): RefusalCode {
  return (code === 'missing' ? named?.missing : code === 'unmet' ? named?.blocked : undefined) ?? 'no-suitable-product'
}
