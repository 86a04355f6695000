import { type Counterfactual } from '../../engine/counterfactual/counterfactual.js'
import { type Withheld } from '../../engine/decision.js'
import { type Language } from '../../engine/explanation/texts.js'
import { type DecisionId, type FirmId, type ProductId } from '../../features/schema/ids.js'
import { type ExposurePeriod } from '../../features/history/exposures.js'
import { type ExposureReport } from './exposures.js'
import { type Why } from './auditService.js'

/** What an auditor asks of one decision beyond the record; `erased`: his inputs are gone; null: there is no such. */
export type Explanations = {
  /** Why and why not of every product of the catalogue, in its order. */
  products(firmId: FirmId, id: DecisionId, asked: ProductsAsked): Promise<ProductsOfDecision | 'erased' | null>
  /** The least change of his inputs under which a product would have been permitted. For the auditor, not for him. */
  counterfactual(
    firmId: FirmId,
    id: DecisionId,
    productId: ProductId,
    language: Language,
  ): Promise<CounterfactualAnswer | 'erased' | null>
}

/** A decision on one page of HTML, for whoever is to be shown it. */
export type Reports = {
  /** `products`: those whose why or why not is to be told. Null where there is no such decision. */
  report(firmId: FirmId, id: DecisionId, asked: ReportAsked): Promise<string | null>
}
export type ReportAsked = { readonly language: Language; readonly products: readonly ProductId[] }

/** Of a firm: what was shown, against what was recorded. */
export type ExposureAudit = {
  exposures(firmId: FirmId, asked: ExposurePeriod & { readonly limit: number }): Promise<ExposureReport>
}

export const shownProducts = ['permitted', 'withheld', 'nominated', 'served'] as const
export type ProductsAsked = {
  readonly language: Language
  /** Left out: all. */
  readonly show?: (typeof shownProducts)[number] | undefined
  /** Those that this rule withheld. */
  readonly rule?: string | undefined
  readonly after?: ProductId | undefined
  readonly limit: number
}

export type ProductsOfDecision = {
  readonly decisionId: DecisionId
  readonly catalogueRevision: number
  /** Of the whole catalogue. */
  readonly counts: {
    readonly products: number
    readonly nominated: number
    readonly served: number
    readonly withheld: Withheld
  }
  /** Whether the verdicts are, bit for bit, those that the decision was made by; null: it was refused before any. */
  readonly verdictsHold: boolean | null
  readonly items: readonly Why[]
  /** The last one's id, to be given as `after`; null: this is the last page. */
  readonly next: ProductId | null
}

export type CounterfactualAnswer = Counterfactual & {
  readonly decisionId: DecisionId
  readonly productId: ProductId
  readonly summary: string
}
