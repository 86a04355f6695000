import { type z } from 'zod'
import { type Pack } from '../../engine/suitability/pack.js'
import { type FirmPackInForce, type RulesInForce, type ShownProposal } from '../rules/ruleService.js'
import { type RulesInForceAnswer, type ShownRuleProposal } from './ruleSchemas.js'

/** As routes and commands show it, instants still in ms UTC. */
export type InForceShown = z.output<typeof RulesInForceAnswer>
export type ProposalShown = z.output<typeof ShownRuleProposal>

export const inForceShown = ({ packs, revision, officers, ...rest }: RulesInForce): InForceShown => ({
  ...rest,
  officers: officers.map(({ name, publicKey, since }) => ({ name, publicKey, since })),
  officersRevision: revision,
  packs: packs.map(packInForce),
})

const named = ({ digest, id, version }: Pack) => ({ digest, id, version })

const packInForce = ({ upcoming, pack, ...rest }: FirmPackInForce) => ({
  ...rest,
  pack: pack === null ? null : named(pack),
  upcoming: upcoming.flatMap(({ from, packDigest, origin }) =>
    origin === 'configuration' ? [] : [{ from, packDigest, proposal: origin }],
  ),
})

export const proposalShown = ({
  digest,
  status,
  proposal: statement,
  proposedAt,
  ...shown
}: ShownProposal): ProposalShown => ({
  digest,
  status,
  statement,
  proposedAt,
  pack: shown.pack === null ? null : named(shown.pack),
  replaced: named(shown.replaced),
  diff: shown.diff,
  approval: shown.approved === null ? null : { statement: shown.approved.approval, at: shown.approved.at },
  withdrawal: shown.withdrawn === null ? null : { ...shown.withdrawn, by: [...shown.withdrawn.by] },
})
