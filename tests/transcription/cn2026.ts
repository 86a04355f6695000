import { type ContextInputs, type InvestorInputs, type ProductInputs } from '../../engine/suitability/inputs.js'
import { type InputValue } from '../../engine/suitability/vocabulary.js'

/** null: an input that is read is unknown, and the rule excludes. */
export type Truth = boolean | null
export type Told = {
  readonly product: ProductInputs
  readonly investor: InvestorInputs
  readonly context: ContextInputs
}

/** One line of the table of China's rules: what it says, in plain TypeScript. */
export type Transcribed = {
  readonly id: string
  readonly scope: 'push' | 'self-initiated' | 'both'
  readonly verdict: 'block' | 'warn' | 'non-personal'
  /** Where false, the rule has nothing to say. Left out: it always applies. */
  readonly applies?: (told: Told) => Truth
  readonly holds: (told: Told) => Truth
}

const atMost = (a: InputValue, b: InputValue): Truth => (typeof a === 'number' && typeof b === 'number' ? a <= b : null)
const is = (value: InputValue, wanted: string | boolean): Truth => (value === null ? null : value === wanted)
const isList = (value: InputValue): value is readonly string[] | readonly number[] => Array.isArray(value)
const among = (value: InputValue, list: InputValue): Truth =>
  value === null || !isList(list) ? null : list.some((member) => member === value)
const not = (truth: Truth): Truth => (truth === null ? null : !truth)
/** Strict: one unknown makes the whole unknown. */
const all = (...truths: readonly Truth[]): Truth => (truths.includes(null) ? null : !truths.includes(false))
const any = (...truths: readonly Truth[]): Truth => (truths.includes(null) ? null : truths.includes(true))

const fitsLevel = ({ product, investor }: Told): Truth => atMost(product.riskLevel, investor.riskLevel)
const isOrdinary = ({ investor }: Told): Truth => is(investor.investorClass, 'ordinary')
const shareObjective = ({ product, investor }: Told): Truth =>
  isList(product.objectives) && isList(investor.objectives)
    ? product.objectives.some((objective) => among(objective, investor.objectives) === true)
    : null
const isRisky = ({ product }: Told): Truth => atMost(4, product.riskLevel)
const isUnder65 = ({ investor }: Told): Truth => atMost(investor.ageYears, 64)
/** A day that is neither past its term nor ahead of the decision. */
const isFresh = (day: InputValue, cutoff: InputValue, { context }: Told): Truth =>
  all(atMost(cutoff, day), atMost(day, context.today))

/**
 * The rules of China as the project's table of suitability words them, written without sight of packs/cn-2026.yaml: no
 * CEL, no YAML, and nothing shared with the engine but the inputs. cn2026.test.ts holds the pack to it.
 */
export const cn2026: readonly Transcribed[] = [
  { id: 'CN-CONSENT', scope: 'both', verdict: 'block', holds: ({ investor }) => is(investor.consentProfiling, true) },
  { id: 'CN-PROFILE', scope: 'both', verdict: 'block', holds: ({ investor }) => is(investor.profileStale, false) },
  { id: 'CN-ASSESS', scope: 'both', verdict: 'block', holds: ({ investor }) => is(investor.assessmentExpired, false) },
  { id: 'CN-OPTOUT', scope: 'push', verdict: 'non-personal', holds: ({ investor }) => is(investor.optedOut, false) },
  // Article 44: C1 is offered R1 … C5 all.
  { id: 'CN-MATCH', scope: 'push', verdict: 'block', holds: fitsLevel },
  {
    id: 'CN-PUSH',
    scope: 'push',
    verdict: 'block',
    applies: isOrdinary,
    holds: (told) =>
      all(
        fitsLevel(told),
        shareObjective(told),
        atMost(told.product.minHorizonMonths, told.investor.horizonMonths),
        atMost(told.product.lockupMonths, told.investor.horizonMonths),
      ),
  },
  {
    id: 'CN-C1MIN',
    scope: 'both',
    verdict: 'block',
    holds: ({ product, investor }) => any(is(investor.c1Minimum, false), atMost(product.riskLevel, 1)),
  },
  {
    id: 'CN-UP',
    scope: 'self-initiated',
    verdict: 'warn',
    applies: ({ investor }) => is(investor.c1Minimum, false),
    holds: fitsLevel,
  },
  // R5 is of high risk; R4 too is a firm's own choice.
  {
    id: 'CN-HIGH',
    scope: 'self-initiated',
    verdict: 'warn',
    applies: isOrdinary,
    holds: ({ product }) => atMost(product.riskLevel, 4),
  },
  { id: 'CN-INFORM', scope: 'self-initiated', verdict: 'warn', holds: () => false },
  {
    id: 'CN-65',
    scope: 'push',
    verdict: 'block',
    applies: isRisky,
    holds: isUnder65,
  },
  {
    id: 'CN-65-CARE',
    scope: 'self-initiated',
    verdict: 'warn',
    applies: isRisky,
    holds: isUnder65,
  },
  {
    id: 'CN-RATE',
    scope: 'both',
    verdict: 'block',
    applies: ({ product }) => product.managerRiskLevel !== null,
    holds: ({ product }) => atMost(product.managerRiskLevel, product.riskLevel),
  },
  {
    id: 'CN-LIFE',
    scope: 'both',
    verdict: 'block',
    holds: ({ product }) => among(product.status, ['subscribing', 'open', 'purchase-limited']),
  },
  {
    id: 'CN-LIMIT-LEAST',
    scope: 'self-initiated',
    verdict: 'block',
    // A product that states no limit has none to compare; without an amount there is nothing that could be bought.
    applies: ({ product, context }) => product.minPurchaseMinor !== null || context.amountMinor === null,
    holds: ({ product, context }) => atMost(product.minPurchaseMinor, context.amountMinor),
  },
  {
    id: 'CN-LIMIT-DAY',
    scope: 'self-initiated',
    verdict: 'block',
    applies: ({ product, context }) => product.maxDailyPurchaseMinor !== null || context.amountTodayMinor === null,
    holds: ({ product, context }) => atMost(context.amountTodayMinor, product.maxDailyPurchaseMinor),
  },
  {
    id: 'CN-LIMIT-TOLD',
    scope: 'both',
    verdict: 'block',
    applies: ({ product }) => product.status === 'purchase-limited',
    holds: ({ product }) => (product.maxDailyPurchaseMinor === null ? null : true),
  },
  {
    id: 'CN-STALE',
    scope: 'both',
    verdict: 'block',
    holds: (told) => {
      const { product, context } = told
      const navCutoff = product.crossBorder === true ? context.navCutoffDayCrossBorder : context.navCutoffDay
      return all(
        isFresh(product.navDay, navCutoff, told),
        isFresh(product.statusDay, context.statusCutoffDay, told),
        isFresh(product.ratedDay, context.ratingCutoffDay, told),
      )
    },
  },
  {
    id: 'CN-CHURN',
    scope: 'push',
    verdict: 'block',
    holds: ({ product, investor }) => not(among(product.id, investor.recentlyRedeemed)),
  },
  {
    id: 'CN-TERM',
    scope: 'push',
    verdict: 'block',
    applies: isOrdinary,
    // A product without a term ends at once, as it were: any horizon holds it, but there must be one.
    holds: ({ product, investor }) => atMost(product.termMonths ?? 0, investor.horizonMonths),
  },
  {
    id: 'CN-TARGET',
    scope: 'both',
    verdict: 'block',
    holds: ({ product, investor }) =>
      all(
        not(among(investor.riskLevel, product.negativeLevels)),
        not(among(investor.investorClass, product.negativeClasses)),
      ),
  },
  {
    id: 'CN-LOCKUP',
    scope: 'self-initiated',
    verdict: 'warn',
    // Of a professional the horizon may be unknown, and he may be recommended what is locked: so he may buy it too.
    applies: isOrdinary,
    holds: ({ product, investor }) => atMost(product.lockupMonths, investor.horizonMonths),
  },
  {
    id: 'CN-CONCENTRATION',
    scope: 'self-initiated',
    verdict: 'warn',
    applies: ({ context }) => context.positionBps !== null,
    holds: ({ context }) => atMost(context.positionBps, 5000),
  },
]

/** Ids of the rules that block, that want confirmations and that make a list non-personal, each in order of id. */
export type Verdict = {
  readonly blocked: readonly string[]
  readonly warned: readonly string[]
  readonly nonPersonal: readonly string[]
}

/** What the table says of one product; a warning that cannot be judged blocks. */
export function judgedBy(table: readonly Transcribed[], told: Told): Verdict {
  const blocked: string[] = []
  const warned: string[] = []
  const nonPersonal: string[] = []
  for (const { id, scope, verdict, applies, holds } of table) {
    if (scope !== 'both' && scope !== told.context.initiation) continue
    const applying = applies === undefined ? true : applies(told)
    const permits = applying === true ? holds(told) : applying === null ? null : true
    if (permits === true) continue
    if (verdict === 'non-personal') nonPersonal.push(id)
    else if (verdict === 'block' || permits === null) blocked.push(id)
    else warned.push(id)
  }
  return { blocked: blocked.sort(), warned: warned.sort(), nonPersonal }
}
