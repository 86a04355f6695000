import { wordsOfFinding } from '../../engine/explanation/findingWords.js'
import { type Language } from '../../engine/explanation/texts.js'
import { type Rematched } from '../../engine/rematch.js'
import { type Pack } from '../../engine/suitability/pack.js'
import { type Finding } from '../../engine/suitability/reference.js'
import { type LocalDate } from '../../features/schema/time.js'

/** Findings with the words of a pack, as they were in force on a day. */
export const findingsInWords = (
  findings: readonly Finding[],
  { pack, today, language }: { readonly pack: Pack; readonly today: LocalDate; readonly language: Language },
) => findings.map((finding) => ({ ...finding, ...wordsOfFinding(finding, pack, today, language) }))

/** What is held, matched again, as it is answered. */
export const rematchInWords = (
  { rules, assessmentCounts, fits, noLonger, unjudged, today }: Rematched,
  pack: Pack,
  language: Language,
) => ({
  rules: [...rules],
  assessmentCounts,
  fits: [...fits],
  noLonger: noLonger.map(({ productId, findings }) => ({
    productId,
    findings: findingsInWords(findings, { pack, today, language }),
  })),
  unjudged: [...unjudged],
})
