import { personOf } from '../../audit/rules/officer.js'
import { type ProposalStanding } from '../../audit/rules/ruleState.js'
import { allFirms, commonAt, ownAt, type Scheduled } from '../../audit/rules/schedule.js'
import { diffOf } from '../../engine/suitability/packDiff.js'
import { type FirmId } from '../../features/schema/ids.js'
import { type Instant } from '../../features/schema/time.js'
import { firmsIn, type RuleBook } from './ruleBook.js'
import { type FirmPackInForce, type RulesInForce, type Sees, type ShownProposal } from './ruleService.js'

export const isSeen = (sees: Sees, firmId: FirmId | null): boolean =>
  sees === 'installation' || firmId === null || firmId === sees

export async function shownRules(book: RuleBook, sees: Sees, at: Instant): Promise<RulesInForce> {
  const { installation, fourEyes, officers, revision, schedules } = book.rules.state()
  if (installation === null) throw new Error('opening records what is in force')
  const shown = async (firmId: FirmId | null): Promise<readonly FirmPackInForce[]> => {
    const change = firmId === null ? commonAt(schedules, at) : ownAt(schedules, firmId, at)
    const upcoming = (schedules.get(firmId ?? allFirms) ?? []).filter(({ from }) => from > at)
    if (change?.packDigest == null)
      return firmId === null || upcoming.length === 0
        ? []
        : [{ firmId, pack: null, since: null, origin: null, upcoming }]
    const { from: since, origin } = change
    return [{ firmId, pack: await book.shown(change.packDigest), since, origin, upcoming }]
  }
  const firms = firmsIn(book.rules).filter((firmId) => isSeen(sees, firmId))
  const packs = (await Promise.all([null, ...firms].map(shown))).flat()
  return { at, installation, fourEyes, officers: [...officers.values()], revision, packs }
}

export async function shownProposal(book: RuleBook, standing: ProposalStanding, at: Instant): Promise<ShownProposal> {
  const { packDigest, replaces, from } = standing.proposal
  const [pack, replaced] = [packDigest === null ? null : await book.shown(packDigest), await book.shown(replaces)]
  const { schedules } = book.rules.state()
  const instead = pack ?? (await book.shown(commonAt(schedules, from)?.packDigest ?? replaces))
  return { ...standing, status: statusOf(book, standing, at), pack, replaced, diff: diffOf(replaced, instead) }
}

function statusOf({ rules }: RuleBook, standing: ProposalStanding, at: Instant): ShownProposal['status'] {
  const { proposal, digest, key, approved, withdrawn } = standing
  const { officers, schedules } = rules.state()
  if (withdrawn !== null) return 'withdrawn'
  const isDue = proposal.from <= at
  if (approved === null) return isDue || officers.get(personOf(proposal.by))?.publicKey !== key ? 'lapsed' : 'waiting'
  if (!isDue) return 'scheduled'
  return inForce(schedules, proposal.firmId, at)?.origin === digest ? 'in-force' : 'superseded'
}

const inForce = (schedules: Parameters<typeof ownAt>[0], firmId: FirmId | null, at: Instant): Scheduled | null =>
  firmId === null ? commonAt(schedules, at) : ownAt(schedules, firmId, at)
