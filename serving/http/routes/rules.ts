import { z } from 'zod'
import { ruleFaults } from '../../../audit/rules/ruleFault.js'
import { type Language } from '../../../engine/explanation/texts.js'
import { type Digest, type FirmId } from '../../../features/schema/ids.js'
import { type RuleDocument } from '../../rules/ruleDocument.js'
import { type RuleRefused } from '../../rules/ruleService.js'
import { type Service } from '../../service.js'
import { type Answer, answer } from '../answer.js'
import { invalid } from '../invalid.js'
import { problem } from '../problems.js'
import { type Handlers } from '../route.js'
import { RuleProposalsAnswer, RulesInForceAnswer, RuleTakenAnswer } from '../ruleSchemas.js'
import { inForceShown, proposalShown } from '../rulesShown.js'

type Names = 'rulesInForce' | 'listRuleProposals' | 'proposeRules' | 'approveRules' | 'withdrawRules'

export function ruleRoutes({ rules }: Service): Handlers<Names> {
  const take = async (firmId: FirmId, language: Language, document: RuleDocument): Promise<Answer> => {
    const taken = await rules.take(firmId, document)
    if ('refused' in taken) return refusal(taken, language)
    if (taken.proposal === null) throw new Error('a change of rules is about a proposal')
    return answer(200, z.encode(RuleTakenAnswer, { ...taken, proposal: taken.proposal }))
  }
  const about = (
    digest: Digest,
    firmId: FirmId,
    language: Language,
    body: RuleDocument & { statement: { proposal: Digest } },
  ) =>
    body.statement.proposal === digest
      ? take(firmId, language, body)
      : invalid([{ in: 'body', pointer: '/statement/proposal', message: 'not the proposal of the address' }], language)

  return {
    rulesInForce: async ({ firmId }) =>
      answer(200, z.encode(RulesInForceAnswer, inForceShown(await rules.inForce(firmId)))),
    listRuleProposals: async ({ firmId }) =>
      answer(200, z.encode(RuleProposalsAnswer, { items: (await rules.proposals(firmId)).map(proposalShown) })),
    proposeRules: ({ firmId, language, body }) => take(firmId, language, body),
    approveRules: ({ firmId, language, path, body }) => about(path.digest, firmId, language, body),
    withdrawRules: ({ firmId, language, path, body }) => about(path.digest, firmId, language, body),
  }
}

const otherFirm = {
  'zh-CN': '该变更涉及另一家机构；请使用该机构的密钥。',
  en: 'It is about another firm: use a key of that firm.',
} as const

function refusal(refused: RuleRefused, language: Language): Answer {
  if ('why' in refused) return invalid([{ in: 'body', pointer: '/pack', message: refused.why }], language)
  const { refused: reason } = refused
  const why = (reason === 'other-firm' ? otherFirm : ruleFaults[reason])[language]
  return problem('rule-change-refused', language, { reason, why })
}
