import { z } from 'zod'
import { refusalCodes } from '../decision.js'
import { type Digest } from '../../features/schema/ids.js'
import { LocalDate } from '../../features/schema/time.js'
import { type Expression, type Name } from './expression.js'

const RefusalName = z.enum(refusalCodes)
const Messages = z.strictObject({ 'zh-CN': z.string().min(1), en: z.string().min(1) })

/** A rule as written in a pack's YAML; docs/rules.md explains each field to a risk officer. */
export const RuleText = z.strictObject({
  id: z.string().regex(/^[A-Z][A-Z0-9-]{1,39}$/, 'want capitals, digits and "-", such as CN-MATCH'),
  /** When the rule applies: when the firm recommends, when the investor asks himself, or both. */
  scope: z.enum(['push', 'self-initiated', 'both']),
  /** Where this is false the rule has nothing to say, and its other inputs may be unknown. Left out: it always applies. */
  appliesIf: z.string().min(1).optional(),
  /** The product may be shown where this is true. */
  blockUnless: z.string().min(1),
  /** `non-personal`: where the expression is false the slate is not personalised, and nothing is blocked. */
  effect: z.enum(['block', 'non-personal']).default('block'),
  /** The answer to give when a rule about the investor alone is not met, or cannot be judged. */
  refusal: z.strictObject({ blocked: RefusalName.optional(), missing: RefusalName.optional() }).optional(),
  /** An input whose absence makes the rule not applicable rather than exclude; the source says why. */
  whenMissing: z.record(z.string(), z.literal('not-applicable')).default({}),
  source: z.string().min(1),
  confidence: z.enum(['read', 'summary', 'recalled', 'own']),
  effectiveFrom: LocalDate,
  effectiveTo: LocalDate.nullable().default(null),
  messages: Messages,
})
export type RuleText = z.infer<typeof RuleText>

export const PackText = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,64}$/),
  version: z.int().min(1),
  title: Messages,
  jurisdiction: z.string().min(1),
  /** `evaluation` packs judge offline experiments and are refused anywhere else. */
  mode: z.enum(['live', 'evaluation']).default('live'),
  timeZone: z.string().min(1),
  effectiveFrom: LocalDate,
  effectiveTo: LocalDate.nullable().default(null),
  retentionYears: z.int().min(1),
  terms: z.strictObject({
    assessmentMonths: z.int().min(1),
    profileMonths: z.int().min(1),
    navTradingDays: z.int().min(0),
    navTradingDaysCrossBorder: z.int().min(0),
    ratingMonths: z.int().min(1),
    statusMonths: z.int().min(1),
  }),
  /** Weekdays without trading. A holiday that is missing here makes the NAV term shorter, never longer. */
  holidays: z.array(LocalDate).default([]),
  rules: z.array(RuleText).min(0),
})

/** An expression and the names that it reads, none of which may be unknown when it is evaluated. */
export type Condition = { readonly text: string; readonly expression: Expression; readonly names: readonly Name[] }
export type Rule = Omit<RuleText, 'blockUnless' | 'appliesIf'> & {
  readonly applies: Condition | null
  readonly permits: Condition
}
export type Pack = Omit<z.infer<typeof PackText>, 'rules'> & {
  readonly digest: Digest
  readonly rules: readonly Rule[]
  readonly holidayDays: ReadonlySet<string>
}
