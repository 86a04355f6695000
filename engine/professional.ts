import { z } from 'zod'
import { type InvestorClass } from '../features/schema/levels.js'
import { Money } from '../features/schema/money.js'
import { type Coded } from './decision.js'
import { type Pack } from './suitability/pack.js'

/** What an investor shows of his means and experience. A document is named by its kind and the SHA-256 of its bytes. */
export const ClassEvidence = z.strictObject({
  financialAssets: Money.nullable().default(null),
  meanYearlyIncome3Years: Money.nullable().default(null),
  experienceYears: z.int().min(0).max(100),
  documents: z
    .array(
      z.strictObject({
        kind: z
          .string()
          .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'want small letters, digits and "-", such as bank-statement'),
        sha256: z.string().regex(/^[0-9a-f]{64}$/, 'want 64 lower-case hexadecimal digits'),
      }),
    )
    .max(50)
    .default([]),
})
export type ClassEvidence = z.infer<typeof ClassEvidence>

/** `right`: he is one by the law; `request`: he asks for it, and the firm may refuse (`approve: false`). */
export type ClassRequest =
  | {
      readonly to: 'professional'
      readonly by: 'right' | 'request'
      readonly evidence: ClassEvidence
      readonly approve: boolean
    }
  | { readonly to: 'ordinary' }

/** The class that he has afterwards where it was granted; `reasons`: why not, in codes of engine/explanation/texts.ts. */
export type ClassVerdict = {
  readonly granted: boolean
  readonly to: InvestorClass
  /** Of the route that was taken; null for the way back, and where nothing was granted. */
  readonly source: string | null
  readonly reasons: readonly Coded[]
}

/**
 * Judges a change of class by the pack's criteria (CN-PRO): either sum suffices, with the experience, and with at least
 * one document that shows it. The way back to ordinary, with its wider protection, is always open.
 */
export function judgeClass(pack: Pack, request: ClassRequest): ClassVerdict {
  if (request.to === 'ordinary') return { granted: true, to: 'ordinary', source: null, reasons: [] }
  const refused = (reasons: readonly Coded[]): ClassVerdict => ({
    granted: false,
    to: 'professional',
    source: null,
    reasons,
  })
  const routes = pack.professional.filter(({ by }) => by === request.by)
  const judged = routes.map((route) => ({ route, lacks: lacksOf(route, request.evidence) }))
  const met = judged.find(({ lacks }) => lacks.length === 0)
  if (met === undefined) return refused(judged[0]?.lacks ?? [{ code: 'PRO_NO_ROUTE', params: {} }])
  if (request.by === 'request' && !request.approve) return refused([{ code: 'PRO_FIRM_REFUSES', params: {} }])
  return { granted: true, to: 'professional', source: met.route.source, reasons: [] }
}

type Route = Pack['professional'][number]

function lacksOf(route: Route, evidence: ClassEvidence): readonly Coded[] {
  const { financialAssetsMinor, meanYearlyIncomeMinor, experienceYears, currency } = route
  const reaches = (sum: Money | null, least: number): boolean =>
    sum !== null && sum.currency === currency && sum.minor >= least
  const hasMeans =
    reaches(evidence.financialAssets, financialAssetsMinor) ||
    reaches(evidence.meanYearlyIncome3Years, meanYearlyIncomeMinor)
  const means = { assets: whole(financialAssetsMinor), income: whole(meanYearlyIncomeMinor), currency }
  return [
    ...(hasMeans ? [] : [{ code: 'PRO_MEANS', params: means }]),
    ...(evidence.experienceYears >= experienceYears
      ? []
      : [{ code: 'PRO_EXPERIENCE', params: { years: experienceYears } }]),
    ...(evidence.documents.length > 0 ? [] : [{ code: 'PRO_DOCUMENTS', params: {} }]),
  ]
}

/** Whole units of a currency that has hundredths, for words alone. */
const whole = (minor: number): number => Math.ceil(minor / 100)
