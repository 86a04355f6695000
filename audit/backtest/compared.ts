import { type DecisionEntry } from '../entry.js'
import { foremost } from '../../engine/decide.js'
import { gate } from '../../engine/gate.js'
import { type Subject, subjectOf } from '../../engine/suitability/inputs.js'
import { hasBit } from '../../engine/suitability/bitset.js'
import { type Pack } from '../../engine/suitability/pack.js'
import { referenceFor } from '../../engine/suitability/reference.js'
import { compiledFor, type Verdicts, whyNot } from '../../engine/suitability/verdicts.js'
import { type Catalogue } from '../../features/schema/catalogue.js'
import { type Digest, type ProductId } from '../../features/schema/ids.js'
import { type InvestorSnapshot } from '../../features/schema/records.js'
import { type Instant } from '../../features/schema/time.js'
import { type Refused } from './backtest.js'
import { type Difference, differenceOf } from './difference.js'

/** A recorded decision with all that it was judged on. */
export type Judged = {
  readonly entry: Pick<DecisionEntry, 'decisionId' | 'pseudonym' | 'at'>
  /** What was served; empty where it was refused. */
  readonly slate: readonly Served[]
  readonly investor: InvestorSnapshot
  /** As recorded; null where the gate refused before any verdict. */
  readonly verdictDigest: Digest | null
  readonly pack: Pack
  readonly catalogue: Catalogue
}

export type Served = { readonly productId: ProductId; readonly rank: number }

export const servedIn = (outcome: DecisionEntry['outcome']): readonly Served[] =>
  outcome.kind === 'refusal' ? [] : outcome.slate.map(({ productId, rank }) => ({ productId, rank }))

/** What a pack says to one investor at one instant. */
export type Side = {
  readonly pack: Pack
  readonly subject: Subject
  readonly verdicts: Verdicts
  /** By the rules alone: what a search could not find is no matter of theirs. */
  readonly refused: Refused | null
  readonly personal: boolean
  /** As a decision records it. */
  readonly verdictDigest: Digest | null
}

/** An item of the served slate; `blockedBy`: the candidate's rules that withhold it, none if it does not. */
export type ServedItem = Served & {
  readonly ordinal: number
  readonly blockedBy: readonly string[]
}

/** One decision under both packs. */
export type Compared = {
  readonly judged: Judged
  readonly before: Side
  readonly after: Side
  readonly difference: Difference
  readonly slate: readonly ServedItem[]
  readonly refusalDiffers: boolean
  readonly likeRecord: boolean
}

/**
 * A recorded decision judged again, by the pack that judged it and by the candidate: the same instant, catalogue and
 * inputs. Throws where the catalogue lacks a product that was served.
 */
export function compareUnder(candidate: Pack, judged: Judged): Compared {
  const { pack, catalogue, investor, entry, verdictDigest } = judged
  const before = sideOf(pack, catalogue, investor, entry.at)
  const after = candidate.digest === pack.digest ? before : sideOf(candidate, catalogue, investor, entry.at)
  return {
    judged,
    before,
    after,
    difference: differenceOf(before.verdicts, after.verdicts),
    slate: slateOf(judged, after.verdicts),
    refusalDiffers: keyOf(before.refused) !== keyOf(after.refused),
    likeRecord: before.verdictDigest === verdictDigest,
  }
}

export const keyOf = (refused: Refused | null): string =>
  refused === null ? '' : `${refused.refusal} ${refused.ruleId ?? ''}`

function sideOf(pack: Pack, catalogue: Catalogue, investor: InvestorSnapshot, at: Instant): Side {
  const subject = subjectOf(investor, 'push', pack, at)
  const entrance = gate(pack, referenceFor(pack), subject)
  const verdicts = compiledFor(catalogue, pack).judge(subject)
  const named = { pack, subject, verdicts }
  if (!entrance.open) {
    const { refusal, ruleId } = entrance
    return { ...named, refused: { refusal, ruleId }, personal: true, verdictDigest: null }
  }
  const refused = verdicts.permittedCount > 0 ? null : nothingPermitted(verdicts)
  return { ...named, refused, personal: entrance.personal, verdictDigest: verdicts.digest }
}

const nothingPermitted = (verdicts: Verdicts): Refused => ({
  refusal: 'no-suitable-product',
  ruleId: foremost(verdicts),
})

const slateOf = ({ entry: { decisionId }, slate, catalogue }: Judged, after: Verdicts): readonly ServedItem[] =>
  slate.map(({ productId, rank }) => {
    const ordinal = catalogue.ordinalOf.get(productId)
    if (ordinal === undefined)
      throw new Error(`decision ${decisionId} served ${productId}, which its catalogue does not have`)
    return { productId, rank, ordinal, blockedBy: hasBit(after.permitted, ordinal) ? [] : whyNot(after, ordinal) }
  })
