import { type Confidence, type Pack } from './pack.js'

const isUncertain = ({ confidence }: { readonly confidence: Confidence }): boolean =>
  confidence === 'summary' || confidence === 'recalled'

/** Rules whose text was not read by us: a pack that has such says so wherever it is loaded or shown. */
export const uncertainRules = (pack: Pack): readonly string[] =>
  pack.rules.filter(isUncertain).map(({ id, confidence }) => `${id} (${confidence})`)

/** The same of all that a pack holds: rules, standards, steps, and what it says of professionals, limits and matching again. */
export const uncertainParts = (pack: Pack): readonly string[] => {
  const parts: readonly (readonly [string, { readonly confidence: Confidence } | null])[] = [
    ...pack.standards.map((standard) => [`standard ${standard.id}`, standard] as const),
    ...pack.confirmations.map((step) => [`step ${step.id}`, step] as const),
    ...pack.professional.map((route) => [`professional by ${route.by}`, route] as const),
    ['assessmentLimits', pack.assessmentLimits],
    ['rematch', pack.rematch],
  ]
  const uncertain = parts.flatMap(([name, part]) =>
    part !== null && isUncertain(part) ? [`${name} (${part.confidence})`] : [],
  )
  return [...uncertainRules(pack), ...uncertain]
}
