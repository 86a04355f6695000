import { allFirms } from '../../audit/rules/schedule.js'
import { type Pack } from '../../engine/suitability/pack.js'
import { type Digest } from '../../features/schema/ids.js'
import { PackRefused, readParts } from './proposedPack.js'
import { firmsIn, type RuleBook } from './ruleBook.js'
import { type PackParts } from './ruleDocument.js'
import { type Sees } from './ruleService.js'
import { isSeen } from './shownRules.js'

/** A pack by the digest that it goes by here, or by its bytes. */
export type AskedPack = { readonly digest: Digest } | PackParts

/** A pack to be tried on what was recorded; nothing of it is kept. Throws `PackRefused`. */
export async function candidatePack(book: RuleBook, sees: Sees, asked: AskedPack): Promise<Pack> {
  const pack = 'digest' in asked ? await knownPack(book, sees, asked.digest) : readParts(asked).pack
  if (pack.mode === 'evaluation') throw new PackRefused(`${pack.id} is for offline evaluation alone`)
  return pack
}

/** Packs of other firms are theirs. */
async function knownPack(book: RuleBook, sees: Sees, digest: Digest): Promise<Pack> {
  const { schedules, proposals } = book.rules.state()
  const scopes = [allFirms, ...firmsIn(book.rules).filter((firmId) => isSeen(sees, firmId))]
  const scheduled = scopes.flatMap((scope) => schedules.get(scope) ?? [])
  const proposed = [...proposals.values()].flatMap(({ proposal }) => (isSeen(sees, proposal.firmId) ? [proposal] : []))
  if (![...scheduled, ...proposed].some(({ packDigest }) => packDigest === digest))
    throw new PackRefused('no such pack was proposed or in force here: send its bytes')
  return book.shown(digest)
}
