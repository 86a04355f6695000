import { RuleFault } from '../../audit/rules/ruleFault.js'
import { type NewRule } from '../../audit/rules/ruleLedger.js'
import { type RuleState } from '../../audit/rules/ruleState.js'
import { allFirms } from '../../audit/rules/schedule.js'
import { proposalDigest } from '../../audit/rules/statement.js'
import { PackError } from '../../engine/suitability/readPack.js'
import { type Digest, type FirmId } from '../../features/schema/ids.js'
import { type Instant } from '../../features/schema/time.js'
import { type Blobs } from '../../storage/blobs.js'
import { type Packs } from '../packs.js'
import { candidatePack } from './candidate.js'
import { checkProposed, PackRefused, readParts } from './proposedPack.js'
import { type RuleBook } from './ruleBook.js'
import { type DocumentOf, type RuleDocument } from './ruleDocument.js'
import { type PackFault, type RuleService, type RuleTaken } from './ruleService.js'
import { isSeen, shownProposal, shownRules } from './shownRules.js'

export type RulePorts = {
  readonly book: RuleBook
  readonly packs: Packs
  readonly blobs: Blobs
  /** Later than whatever the ledger holds. Throws `RuleFault` (`clock-behind`) where the clock cannot be. */
  readonly instant: () => Instant
  /** Told once something was taken: what is scheduled is made ready before it judges. */
  readonly onChange: () => void
}

export function ruleService({ book, packs, blobs, instant, onChange }: RulePorts): RuleService {
  const { rules } = book

  /** Keeps what a proposal brings, so that its digest is enough from then on. Throws `PackRefused`. */
  const keepPack = async ({ statement, pack: parts }: DocumentOf<'rule-proposal'>): Promise<void> => {
    const { packDigest } = statement
    if (packDigest === null) {
      if (parts !== null) throw new PackRefused('where a firm’s own pack ends there is none to send')
      return
    }
    const state = rules.state()
    if (parts === null && !proposedOnce(state).has(packDigest))
      throw new PackRefused('no such pack was proposed or in force before: send its bytes')
    const { pack, bytes } = parts === null ? { pack: await book.pack(packDigest), bytes: [] } : readParts(parts)
    const shipped = packs.shipped(pack.id.replace(/\+.*$/, ''))?.digest
    checkProposed(pack, statement, new Set([...judgedAll(state), ...(shipped === undefined ? [] : [shipped])]))
    for (const part of bytes) await blobs.put(part)
    await book.pack(packDigest)
  }

  const record = async (document: RuleDocument): Promise<RuleTaken> => {
    const rule = ruleIn(document)
    // Before anything of it is kept: whose signature does not hold leaves nothing behind.
    rules.check(rule, instant())
    if (document.type === 'rule-proposal') await keepPack(document)
    if (document.type === 'rule-approval' && document.statement.packDigest !== null)
      await book.pack(document.statement.packDigest)
    const { index, entry } = await rules.append(rule, instant)
    onChange()
    return { entryId: entry.entryId, ledgerIndex: index, at: entry.at, proposal: proposalIn(document) }
  }

  return {
    inForce: (sees) => shownRules(book, sees, book.newest()),
    proposals: (sees) => {
      const seen = [...rules.state().proposals.values()].filter(({ proposal }) => isSeen(sees, proposal.firmId))
      return Promise.all(seen.map((standing) => shownProposal(book, standing, book.newest())))
    },
    candidate: (sees, asked) => candidatePack(book, sees, asked).catch(packFault),
    kept: () => book.kept(book.newest()),
    take: async (sees, document) => {
      if (!isSeen(sees, firmIn(rules.state(), document))) return { refused: 'other-firm' }
      try {
        return await record(document)
      } catch (error) {
        if (error instanceof RuleFault) return { refused: error.code }
        return packFault(error)
      }
    },
  }
}

function packFault(error: unknown): PackFault {
  if (error instanceof PackRefused || error instanceof PackError) return { refused: 'pack', why: error.message }
  throw error
}

function ruleIn(document: RuleDocument): NewRule {
  if (document.type !== 'rule-proposal') return document
  const { type, statement, signatures } = document
  return { type, statement, signatures }
}

function proposalIn(document: RuleDocument): Digest | null {
  if (document.type === 'officers-change') return null
  return document.type === 'rule-proposal' ? proposalDigest(document.statement) : document.statement.proposal
}

/** Whose pack a document is about; null: that of all firms, or nobody's. */
function firmIn({ proposals }: RuleState, document: RuleDocument): FirmId | null {
  if (document.type === 'officers-change') return null
  if (document.type !== 'rule-withdrawal') return document.statement.firmId
  return proposals.get(document.statement.proposal)?.proposal.firmId ?? null
}

/** Packs that judged all firms at some time, or will. */
const judgedAll = ({ schedules }: RuleState): readonly Digest[] =>
  (schedules.get(allFirms) ?? []).flatMap(({ packDigest }) => packDigest ?? [])

/** Packs that lie among the blobs since they were scheduled or proposed. */
function proposedOnce({ schedules, proposals }: RuleState): ReadonlySet<Digest> {
  const scheduled = [...schedules.values()].flat().map(({ packDigest }) => packDigest)
  const proposed = [...proposals.values()].map(({ proposal }) => proposal.packDigest)
  return new Set([...scheduled, ...proposed].filter((digest) => digest !== null))
}
