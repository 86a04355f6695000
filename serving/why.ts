import { fill } from '../engine/explanation/texts.js'
import { type Finding, referenceFor } from '../engine/suitability/reference.js'
import { productInputsOf, subjectOf } from '../engine/suitability/inputs.js'
import { type Pack } from '../engine/suitability/pack.js'
import { readPack } from '../engine/suitability/readPack.js'
import { type DecisionEntry } from '../audit/entry.js'
import { type DecisionInputs } from '../audit/inputs.js'
import { type Digest, type ProductId } from '../features/schema/ids.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type Blobs } from '../storage/blobs.js'
import { type Why } from './service.js'

const packs = new Map<Digest, Pack>()

/** The pack of a decision, from the bytes that were kept when it served. */
export async function packOf(digest: Digest, blobs: Blobs): Promise<Pack> {
  const known = packs.get(digest)
  if (known !== undefined) return known
  const pack = readPack(await blobs.get(digest))
  packs.set(digest, pack)
  return pack
}

/**
 * Why a product was, or was not, recommendable in a recorded decision: the reference evaluator judges it anew, from the
 * recorded inputs, under the pack and the catalogue of that decision. Null where the catalogue had no such product.
 */
export function whyOf(
  entry: DecisionEntry,
  inputs: DecisionInputs,
  pack: Pack,
  catalogue: Catalogue,
  productId: ProductId,
): Why | null {
  const ordinal = catalogue.ordinalOf.get(productId)
  const product = ordinal === undefined ? undefined : catalogue.products[ordinal]
  if (ordinal === undefined || product === undefined) return null
  const subject = subjectOf(inputs.investor, 'push', pack, entry.at)
  const findings = referenceFor(pack).findings(productInputsOf(product, pack.timeZone), subject)
  const slate = entry.outcome.kind === 'refusal' ? [] : entry.outcome.slate
  const rank = slate.find((item) => item.productId === productId)?.rank ?? null
  const nominated = entry.nominated.indexOf(ordinal)
  const place = { rank, nominatedAt: nominated === -1 ? null : nominated + 1 }
  return {
    decisionId: entry.decisionId,
    productId,
    permitted: findings.length === 0,
    ...place,
    findings: findings.map((finding) => ({ ...finding, ...worded(finding, pack) })),
    summary: summaryOf(findings, place, entry),
  }
}

/** A finding in the pack's own words. */
function worded(finding: Finding, pack: Pack): { text: string; source: string } {
  const rule = pack.rules.find(({ id }) => id === finding.ruleId)
  if (rule === undefined) return { text: `rule pack ${pack.id} is not in force at that instant`, source: pack.id }
  if (finding.code === 'missing')
    return {
      text: `${finding.ruleId}: ${String(finding.params['input'])} is unknown, which excludes`,
      source: rule.source,
    }
  if (finding.code === 'RULE-ERROR')
    return { text: `${finding.ruleId} could not be judged, which excludes`, source: rule.source }
  return { text: fill(rule.messages.en, finding.params), source: rule.source }
}

function summaryOf(
  findings: readonly Finding[],
  { rank, nominatedAt }: { rank: number | null; nominatedAt: number | null },
  entry: DecisionEntry,
): string {
  if (findings.length > 0) return `withheld by ${findings.map(({ ruleId }) => ruleId).join(', ')}`
  if (rank !== null) return `served at rank ${rank}`
  if (entry.outcome.kind === 'refusal')
    return `permitted by every rule; the decision was a refusal (${entry.outcome.refusal})`
  if (nominatedAt !== null)
    return `permitted, and nominated at place ${nominatedAt} of ${entry.nominated.length}; not among the ${entry.size} served`
  return `permitted, but not among the ${entry.nominated.length} nominated: others ranked higher, or it was held already`
}
