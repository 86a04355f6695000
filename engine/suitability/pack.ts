import { z } from 'zod'
import { refusalCodes } from '../decision.js'
import { type Digest } from '../../features/schema/ids.js'
import { Currency } from '../../features/schema/money.js'
import { LocalDate } from '../../features/schema/time.js'
import { type Expression, type Name } from './expression.js'

const RefusalName = z.enum(refusalCodes)
/** Words in both languages; `{product.riskLevel}` stands for an input that was read, `{text.NAME}` for a text of the pack. */
export const Messages = z.strictObject({ 'zh-CN': z.string().min(1), en: z.string().min(1) })
export type Messages = z.infer<typeof Messages>

const StepId = z.string().regex(/^[a-z][a-z0-9-]{1,39}$/, 'want small letters, digits and "-", such as risk-warning')
export const Confidence = z.enum(['read', 'summary', 'recalled', 'own'])
export type Confidence = z.infer<typeof Confidence>
const dated = { effectiveFrom: LocalDate, effectiveTo: LocalDate.nullable().default(null) }
const sourced = { source: z.string().min(1), confidence: Confidence }
/** A value of an input in a case; null is unknown, and so is what a case leaves out. */
const CaseValue = z.union([z.int(), z.string(), z.boolean(), z.array(z.string()), z.array(z.int()), z.null()])
const CaseInputs = z.record(z.string(), CaseValue).default({})

/** What a rule must say of some inputs: held by the reference and by the compiler alike (`aptus rules check`). */
export const RuleCase = z.strictObject({
  product: CaseInputs,
  investor: CaseInputs,
  context: CaseInputs,
  /** `missing`: an unknown input excludes. */
  expect: z.enum(['permit', 'block', 'warn', 'non-personal', 'missing']),
})
export type RuleCase = z.infer<typeof RuleCase>

/** A rule as written in a pack's YAML; docs/rules.md explains each field to a risk officer. */
export const RuleText = z.strictObject({
  id: z.string().regex(/^[A-Z][A-Z0-9-]{1,39}$/, 'want capitals, digits and "-", such as CN-MATCH'),
  /** When the rule applies: when the firm recommends, when the investor asks himself, or both. */
  scope: z.enum(['push', 'self-initiated', 'both']),
  /** Where this is false the rule has nothing to say, and its other inputs may be unknown. Left out: it always applies. */
  appliesIf: z.string().min(1).optional(),
  /** The product may be shown, or bought, where this is true. */
  blockUnless: z.string().min(1).optional(),
  /** Instead of `blockUnless`: where this is false the product may be bought after the confirmations, in their order. */
  warnUnless: z.string().min(1).optional(),
  confirmations: z.array(StepId).default([]),
  /** `non-personal`: where `blockUnless` is false the slate is not personalised, and nothing is blocked. */
  effect: z.enum(['block', 'non-personal']).default('block'),
  /** The answer to give when a rule about the investor alone is not met, or cannot be judged. */
  refusal: z.strictObject({ blocked: RefusalName.optional(), missing: RefusalName.optional() }).optional(),
  /** An input whose absence makes the rule not applicable rather than exclude; the source says why. */
  whenMissing: z.record(z.string(), z.literal('not-applicable')).default({}),
  ...sourced,
  ...dated,
  messages: Messages,
  /** What the investor can do about it; never a promise. */
  remedy: Messages.optional(),
  cases: z.array(RuleCase).default([]),
})
export type RuleText = z.infer<typeof RuleText>

const months = z.int().min(1)
/** How long facts count: a smaller figure is the stricter one. */
export const Terms = z.strictObject({
  assessmentMonths: months,
  profileMonths: months,
  navTradingDays: z.int().min(0),
  navTradingDaysCrossBorder: z.int().min(0),
  ratingMonths: months,
  statusMonths: months,
  /** How long the confirmations of a purchase may take. */
  confirmationMinutes: z.int().min(1).default(60),
  /** How long after a redemption the same product counts as bought back. Here the larger figure is the stricter one. */
  churnDays: z.int().min(0).default(180),
})

/** How long what was decided by the pack is to be kept, from its newest instant on. */
const Retention = z.strictObject({ years: z.int().min(1), ...sourced })

/** A step that an investor takes before he buys: what he is shown, and how long he must have had it before him. */
export const Confirmation = z.strictObject({
  id: StepId,
  /** Least time between the step before (or the check) and this one: time to think. */
  waitSeconds: z.int().min(0).default(0),
  ...sourced,
  messages: Messages,
})
export type Confirmation = z.infer<typeof Confirmation>

/** Who may be treated as a professional investor; any one of `assets` and `income` suffices, with the experience. */
const ProfessionalRoute = z.strictObject({
  /** `right`: he is one; `request`: he asks for it, and the firm may refuse. */
  by: z.enum(['right', 'request']),
  /** Of both sums; what is stated in another cannot be compared. */
  currency: Currency,
  financialAssetsMinor: z.int().min(0),
  meanYearlyIncomeMinor: z.int().min(0),
  experienceYears: z.int().min(0),
  ...sourced,
})

/** An obligation that is no predicate over products: kept elsewhere, and named here so that the pack is whole. */
const Standard = z.strictObject({
  id: RuleText.shape.id,
  ...sourced,
  ...dated,
  messages: Messages,
  /** Where Aptus keeps it, in words. */
  keptBy: z.string().min(1),
})

const packShape = {
  id: z.string().regex(/^[a-z0-9-]{1,64}$/),
  version: z.int().min(1),
  title: Messages,
  rules: z.array(RuleText).min(0),
  confirmations: z.array(Confirmation).default([]),
  /** Texts that messages of this pack use, and other texts: `{text.NAME}`. */
  texts: z.record(StepId, Messages).default({}),
}

export const PackText = z.strictObject({
  ...packShape,
  jurisdiction: z.string().min(1),
  /** `evaluation` packs judge offline experiments and are refused anywhere else. */
  mode: z.enum(['live', 'evaluation']).default('live'),
  timeZone: z.string().min(1),
  /** Of the sums that rules compare with figures: a sum in another currency is unknown to them. */
  currency: Currency.nullable().default(null),
  ...dated,
  retention: Retention,
  terms: Terms,
  /** Most questionnaires that an investor may take; more are refused. */
  assessmentLimits: z
    .strictObject({ perDay: z.int().min(1), per12Months: z.int().min(1), ...sourced })
    .nullable()
    .default(null),
  /** Rules under which what is held is matched again after a change of profile or rating. */
  rematch: z
    .strictObject({ rules: z.array(RuleText.shape.id).min(1), ...sourced })
    .nullable()
    .default(null),
  professional: z.array(ProfessionalRoute).default([]),
  standards: z.array(Standard).default([]),
  /** Words that no message of the pack, and no text of the engine, may hold. */
  forbiddenWords: z
    .strictObject({ 'zh-CN': z.array(z.string().min(1)), en: z.array(z.string().min(1)) })
    .default({ 'zh-CN': [], en: [] }),
  /** Weekdays without trading. A holiday that is missing here makes the NAV term shorter, never longer. */
  holidays: z.array(LocalDate).default([]),
})
export type PackText = z.infer<typeof PackText>

/** A firm's own rules over a pack: they can only tighten it. */
export const FirmPackText = z.strictObject({
  ...packShape,
  extends: PackText.shape.id,
  terms: Terms.partial().default({}),
  /** As long as the pack's, or longer; left out: the pack's. */
  retention: Retention.optional(),
})
export type FirmPackText = z.infer<typeof FirmPackText>

/** An expression and the names that it reads, none of which may be unknown when it is evaluated. */
export type Condition = { readonly text: string; readonly expression: Expression; readonly names: readonly Name[] }
export type Rule = Omit<RuleText, 'blockUnless' | 'warnUnless' | 'appliesIf' | 'effect'> & {
  readonly effect: 'block' | 'warn' | 'non-personal'
  readonly applies: Condition | null
  readonly permits: Condition
}
export type Pack = Omit<PackText, 'rules'> & {
  readonly digest: Digest
  /** The pack that this one extends, and the firm's own id; null where it stands alone. */
  readonly extended: { readonly base: Digest; readonly firm: Digest } | null
  readonly rules: readonly Rule[]
  readonly holidayDays: ReadonlySet<string>
}
