import { createHash } from 'node:crypto'
import { compareIds, type Digest } from '../features/schema/ids.js'
import { type Instant } from '../features/schema/time.js'
import { type Params } from './decision.js'
import { fill } from './explanation/texts.js'
import { type Messages, type Pack, type Rule } from './suitability/pack.js'
import { withTexts } from './suitability/packTexts.js'
import { type Finding } from './suitability/reference.js'

/** One step: what the investor is shown, and how long he must have had the step before, or the check, before him. */
export type Step = {
  readonly stepId: string
  readonly waitSeconds: number
  readonly messages: Messages
  /** Of step and messages: what is confirmed is what was shown. */
  readonly textDigest: Digest
}

/** The steps that warnings want, by the order of the rules in force, each once. */
export function stepsOf(pack: Pack, inForce: readonly Rule[], warnings: readonly Finding[]): readonly Step[] {
  const params = new Map<string, Params>()
  for (const rule of inForce) {
    const warning = warnings.find(({ ruleId }) => ruleId === rule.id)
    if (warning === undefined) continue
    for (const stepId of rule.confirmations) params.set(stepId, { ...params.get(stepId), ...warning.params })
  }
  return [...params].map(([stepId, values]) => stepOf(pack, stepId, values))
}

function stepOf(pack: Pack, stepId: string, params: Params): Step {
  const confirmation = pack.confirmations.find(({ id }) => id === stepId)
  if (confirmation === undefined) throw new Error(`pack ${pack.id} has a rule that wants the unknown step ${stepId}`)
  const texts = withTexts(confirmation.messages, pack.texts)
  const messages = { 'zh-CN': fill(texts['zh-CN'], params), en: fill(texts.en, params) }
  return { stepId, waitSeconds: confirmation.waitSeconds, messages, textDigest: textDigestOf(stepId, messages) }
}

/** SHA-256 of the JSON array ["aptus", 1, "confirmation", step, Chinese, English], UTF-8 without spaces. */
export function textDigestOf(stepId: string, messages: Messages): Digest {
  const bytes = JSON.stringify(['aptus', 1, 'confirmation', stepId, messages['zh-CN'], messages.en])
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest
}

/** A check and what was confirmed of it: a fold of the ledger's entries. */
export type Dialogue = {
  readonly verdict: 'permit' | 'warn' | 'block'
  readonly at: Instant
  readonly expiresAt: Instant
  readonly steps: readonly Step[]
  /** Of the first steps, in their order. */
  readonly confirmedAt: readonly Instant[]
}

export type Standing =
  | { readonly state: 'blocked' | 'permitted' | 'expired'; readonly next: null }
  | { readonly state: 'open'; readonly next: NextStep }
/** `notBefore`: from when on it may be confirmed. */
export type NextStep = { readonly step: Step; readonly notBefore: Instant }

/** Where a dialogue stands at an instant. */
export function standingOf(dialogue: Dialogue, at: Instant): Standing {
  if (dialogue.verdict === 'block') return { state: 'blocked', next: null }
  if (at >= dialogue.expiresAt) return { state: 'expired', next: null }
  const step = dialogue.steps[dialogue.confirmedAt.length]
  if (step === undefined) return { state: 'permitted', next: null }
  const since = dialogue.confirmedAt.at(-1) ?? dialogue.at
  return { state: 'open', next: { step, notBefore: since + step.waitSeconds * 1000 } }
}

export const confirmationRefusals = [
  'blocked',
  'no-confirmations',
  'expired',
  'already-confirmed',
  'wrong-step',
  'text-changed',
  'too-early',
  'changed',
] as const
export type ConfirmationRefusal = (typeof confirmationRefusals)[number]

export type Confirming = { readonly stepId: string; readonly textDigest: Digest; readonly at: Instant }
export type Confirmed = { readonly dialogue: Dialogue } | { readonly refused: ConfirmationRefusal }

/**
 * Confirms a step, or says why not: then nothing changes. In its order, with the text that was shown, not before its
 * time and not after the check's; a step that was confirmed is not confirmed again.
 */
export function confirm(dialogue: Dialogue, { stepId, textDigest, at }: Confirming): Confirmed {
  if (dialogue.verdict === 'permit') return { refused: 'no-confirmations' }
  const standing = standingOf(dialogue, at)
  if (standing.state === 'blocked' || standing.state === 'expired') return { refused: standing.state }
  const place = dialogue.steps.findIndex((step) => step.stepId === stepId)
  const step = dialogue.steps[place]
  if (step === undefined) return { refused: 'wrong-step' }
  if (step.textDigest !== textDigest) return { refused: 'text-changed' }
  if (place < dialogue.confirmedAt.length) return { refused: 'already-confirmed' }
  if (standing.next === null || place > dialogue.confirmedAt.length) return { refused: 'wrong-step' }
  if (at < standing.next.notBefore) return { refused: 'too-early' }
  return { dialogue: { ...dialogue, confirmedAt: [...dialogue.confirmedAt, at] } }
}

type Told = Pick<Dialogue, 'verdict' | 'steps'> & { readonly warnings: readonly Finding[] }

/**
 * Whether a check made anew wants the same of him, and for the same reasons: the dialogue goes on only where it does. He
 * who was warned of an R3 has not confirmed that he buys an R4, though both want the same steps.
 */
export const wantsTheSame = (before: Told, fresh: Told): boolean =>
  fresh.verdict === before.verdict &&
  keyOf(fresh.steps) === keyOf(before.steps) &&
  toldIn(fresh.warnings) === toldIn(before.warnings)

/** The params in an order of their own: those of a record come back in another. */
const toldIn = (warnings: readonly Finding[]): string =>
  JSON.stringify(
    warnings.map(({ ruleId, code, params }) => [
      ruleId,
      code,
      Object.entries(params).sort(([a], [b]) => compareIds(a, b)),
    ]),
  )

const keyOf = (steps: readonly Step[]): string =>
  JSON.stringify(steps.map(({ stepId, waitSeconds, textDigest }) => [stepId, waitSeconds, textDigest]))
