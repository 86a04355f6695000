import { type Investor } from '../../features/schema/investor.js'
import { ageYears, dayOfInstant } from '../../features/definitions/calendar.js'
import { ToleranceLevel } from '../../features/schema/levels.js'
import { dateOfDayNumber, type Instant } from '../../features/schema/time.js'
import { ageBandOf } from '../backtest/investorGroups.js'
import { type Entry, entryIdOf } from '../entry.js'
import { type DecisionInputs, partOf, type Parts, type Verdict } from '../inputs.js'
import { type AssessmentFacts, type ClassFacts } from '../investorRecords.js'
import { type Placed } from '../ledger.js'
import { type PurchaseFacts } from '../purchases.js'
import { type Row } from './columns.js'

/** What became of that which an entry sealed: its parts, or that they are gone; null where it sealed nothing. */
export type Sealed = Parts | 'erased' | 'lost' | null

type Personal = Pick<
  Row,
  'product' | 'verdict' | 'rules' | 'withheld' | 'withheld_total' | 'level' | 'investor_class' | 'age_band'
>

const none: Personal = {
  product: null,
  verdict: null,
  rules: null,
  withheld: null,
  withheld_total: null,
  level: null,
  investor_class: null,
  age_band: null,
}

/** Texts without spaces as one, found by a search for ` TEXT `; null for none. */
const spaced = (texts: readonly string[]): string | null => (texts.length === 0 ? null : ` ${texts.join(' ')} `)

const ageAt = (birthDate: Investor['birthDate'], at: Instant): number | null => {
  const today = dateOfDayNumber(dayOfInstant(at))
  return birthDate === null || birthDate > today ? null : ageYears(birthDate, today)
}

export const tolerances = ['none', 'C1-min', ...ToleranceLevel.options] as const

function toleranceOf({ riskAssessment: assessment }: Investor): (typeof tolerances)[number] {
  if (assessment === null) return 'none'
  return assessment.lacksFullCapacity || assessment.acceptsNoLoss ? 'C1-min' : assessment.level
}

const classOf = (profile: Investor, at: Instant) => ({
  level: toleranceOf(profile),
  investor_class: profile.investorClass,
  age_band: ageBandOf({ ageYears: ageAt(profile.birthDate, at) }),
})

function personalOf({ type, at }: Entry, parts: Parts): Personal {
  switch (type) {
    case 'decision': {
      const { withheld } = partOf(parts, 'verdict') as Verdict
      const { investor } = partOf(parts, 'inputs') as DecisionInputs
      const rules = Object.keys(withheld.byRule).sort()
      return {
        ...none,
        ...classOf(investor.profile, at),
        rules: spaced(rules.map((rule) => `withheld/${rule}`)),
        withheld: JSON.stringify(Object.fromEntries(rules.map((rule) => [rule, withheld.byRule[rule]]))),
        withheld_total: withheld.total,
      }
    }
    case 'purchase-check': {
      const { investor, check } = partOf(parts, 'facts') as PurchaseFacts
      const blocked = check.findings.map(({ ruleId }) => `blocked/${ruleId}`)
      const warned = check.warnings.map(({ ruleId }) => `warned/${ruleId}`)
      const found = { product: check.request.productId, verdict: check.verdict, rules: spaced([...blocked, ...warned]) }
      return { ...none, ...classOf(investor.profile, at), ...found }
    }
    case 'assessment':
      return { ...none, ...classOf((partOf(parts, 'facts') as AssessmentFacts).after, at) }
    case 'class-change': {
      const { before, verdict } = partOf(parts, 'facts') as ClassFacts
      return { ...none, ...classOf(before, at), verdict: verdict.granted ? 'granted' : 'not-granted' }
    }
    default:
      return none
  }
}

function outcomeOf(entry: Entry): Pick<Row, 'mode' | 'scene' | 'outcome' | 'refusal' | 'refused_by' | 'products'> {
  if (entry.type !== 'decision')
    return { mode: null, scene: null, outcome: null, refusal: null, refused_by: null, products: null }
  const { mode, scene, outcome } = entry
  const open = { mode, scene, outcome: outcome.kind }
  if (outcome.kind === 'refusal')
    return { ...open, refusal: outcome.refusal, refused_by: outcome.ruleId, products: null }
  const shown = [...outcome.slate].sort((a, b) => a.rank - b.rank).map(({ productId }) => productId)
  return { ...open, refusal: null, refused_by: null, products: spaced(shown) }
}

/** The row of an entry. */
export function rowOf({ index, entry }: Placed, sealed: Sealed): Row {
  return {
    ledger_index: index,
    entry_id: entryIdOf(entry),
    type: entry.type,
    firm: 'firmId' in entry ? entry.firmId : null,
    pseudonym: 'pseudonym' in entry ? entry.pseudonym : null,
    at_ms: entry.at,
    ...outcomeOf(entry),
    release: 'release' in entry ? entry.release : null,
    pack: 'packDigest' in entry ? entry.packDigest : null,
    catalogue_revision: 'catalogue' in entry ? entry.catalogue.revision : 'revision' in entry ? entry.revision : null,
    sealed: sealed === null || typeof sealed === 'string' ? sealed : 'kept',
    ...(sealed === null || typeof sealed === 'string' ? none : personalOf(entry, sealed)),
  }
}
