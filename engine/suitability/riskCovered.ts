import { type Rule } from './pack.js'

export type Dated = { readonly effectiveFrom: string; readonly effectiveTo: string | null }

/** Whether one of some rules is in force on every day of a pack; versions of one rule may follow each other. */
export function coverTogether(rules: readonly Dated[], pack: Dated): boolean {
  let until = pack.effectiveFrom
  for (const { effectiveFrom, effectiveTo } of [...rules].sort((a, b) =>
    a.effectiveFrom < b.effectiveFrom ? -1 : 1,
  )) {
    if (effectiveFrom > until) return false
    if (effectiveTo === null) return true
    if (effectiveTo > until) until = effectiveTo
  }
  return pack.effectiveTo !== null && until >= pack.effectiveTo
}

const risks: ReadonlySet<string> = new Set(['product.riskLevel', 'product.sri'])

/**
 * Whether a rule compares a product's risk with the investor's level, where neither may be unknown; and a case shows
 * that it blocks of what is known, which one that is always true cannot.
 */
export function comparesRisk({ effect, permits, applies, whenMissing, cases }: Rule): boolean {
  const names = permits.names.map(({ entity, field }) => `${entity}.${field}`)
  const compared = names.filter((name) => risks.has(name) || name === 'investor.riskLevel')
  const shows = (wanted: string): boolean => cases.some(({ expect }) => expect === wanted)
  return (
    effect === 'block' &&
    applies === null &&
    compared.includes('investor.riskLevel') &&
    compared.length > 1 &&
    compared.every((name) => whenMissing[name] === undefined) &&
    // Where there is neither, the cases are at fault, and are told of.
    (shows('block') || !shows('missing'))
  )
}
