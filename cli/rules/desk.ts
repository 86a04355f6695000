import { type Command, Option } from 'commander'
import { z } from 'zod'
import { ruleFaults } from '../../audit/rules/ruleFault.js'
import { type FirmId } from '../../features/schema/ids.js'
import { RuleProposalsAnswer, RulesInForceAnswer } from '../../serving/http/ruleSchemas.js'
import { type InForceShown, inForceShown, type ProposalShown, proposalShown } from '../../serving/http/rulesShown.js'
import { RuleDocument } from '../../serving/rules/ruleDocument.js'
import { withService } from '../open.js'
import { type Common, firm, withCommon } from '../options.js'
import { Failure, UsageError } from '../output.js'

/** Where rules are read and changes handed in: a data directory, or a running server. */
export type Desk = {
  readonly inForce: () => Promise<InForceShown>
  readonly proposals: () => Promise<readonly ProposalShown[]>
  /** Rejects with `Failure` where it is not taken. */
  readonly hand: (document: RuleDocument) => Promise<void>
}

export type DeskOptions = Common & { readonly url?: string; readonly firm?: FirmId }

export const withDesk = (command: Command): Command =>
  withCommon(command)
    .addOption(new Option('--url <url>', 'a running server instead of --data; its key of scope risk in APTUS_KEY'))
    .option('--firm <id>', 'whose pack; without it that of all firms which have none of their own', firm)

export function atDesk<T>({ data, url }: DeskOptions, work: (desk: Desk) => Promise<T>): Promise<T> {
  if (url !== undefined) return work(overHttp(url, process.env['APTUS_KEY'] ?? ''))
  return withService(data, ({ rules }) =>
    work({
      inForce: async () => inForceShown(await rules.inForce('installation')),
      proposals: async () => (await rules.proposals('installation')).map(proposalShown),
      hand: async (document) => {
        const taken = await rules.take('installation', document)
        if (!('refused' in taken)) return
        const why = 'why' in taken ? taken.why : taken.refused === 'other-firm' ? '' : ruleFaults[taken.refused].en
        throw new Failure(`not taken: ${why}`)
      },
    }),
  )
}

const Told = z.looseObject({
  title: z.string(),
  why: z.string().optional(),
  errors: z.array(z.looseObject({ message: z.string() })).optional(),
})

function overHttp(url: string, key: string): Desk {
  if (key === '') throw new UsageError('--url needs a key of scope risk in the environment variable APTUS_KEY')
  const ask = async (path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(new URL(path, url), {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${key}`, 'accept-language': 'en', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new Failure('the server does not answer', { cause: error })
    })
    const answer = await response.json()
    if (response.ok) return answer
    const told = Told.safeParse(answer).data
    throw new Failure(`not taken: ${told?.why ?? told?.errors?.[0]?.message ?? told?.title ?? response.statusText}`)
  }
  return {
    inForce: async () => z.decode(RulesInForceAnswer, (await ask('/v1/rules/in-force')) as never),
    proposals: async () => z.decode(RuleProposalsAnswer, (await ask('/v1/rules/proposals')) as never).items,
    hand: async (document) => {
      if (document.type === 'officers-change')
        throw new UsageError('officers are changed in the data directory, while no server holds it: leave --url out')
      const about = document.type === 'rule-proposal' ? '' : `/${document.statement.proposal}/`
      const what = { 'rule-proposal': '', 'rule-approval': 'approvals', 'rule-withdrawal': 'withdrawals' }[
        document.type
      ]
      await ask(`/v1/rules/proposals${about}${what}`, z.encode(RuleDocument, document))
    },
  }
}
