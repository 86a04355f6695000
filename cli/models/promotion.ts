import { Command } from 'commander'
import { join } from 'node:path'
import { openLedger } from '../../audit/ledger.js'
import { folders } from '../../serving/home.js'
import { promoteRun, type Registry, rollBack } from '../../serving/models/promote.js'
import { type Promotion } from '../../serving/models/promotions.js'
import { type GateResult } from '../../training/registry/gates.js'
import { formatInstant } from '../../features/schema/time.js'
import { withFullHome } from '../open.js'
import { operator } from '../operator.js'
import { type Common, withCommon } from '../options.js'
import { Failure, print, say, UsageError } from '../output.js'

/** The registry of a data directory that no server holds. */
export const withRegistry = <T>(data: string, work: (registry: Registry) => Promise<T>): Promise<T> =>
  withFullHome(data, async (home) => {
    const ledger = await openLedger(join(home.dir, folders.ledger))
    try {
      return await work({ home, ledger, now: Date.now, clock: () => performance.now() })
    } finally {
      await ledger.close()
    }
  })

const gateInWords = ({ name, passed, words }: GateResult): string => `${passed ? 'passed' : 'SHUT'}  ${name}: ${words}`

const shown = (promotion: Promotion) => ({ ...promotion, at: formatInstant(promotion.at) })

type Promote = Common & { readonly override: string[]; readonly reason?: string }

async function promote(runId: string, { data, json, override, reason }: Promote): Promise<void> {
  if (override.length > 0 && !reason?.trim()) throw new UsageError('--override needs --reason: it is recorded for ever')
  const by = operator()
  const asked = { runId, override, reason: reason?.trim() ?? null, by }
  const result = await withRegistry(data, (registry) => promoteRun(registry, asked))
  if ('refused' in result) {
    print(json, result, () => '')
    if (!json) result.gates.forEach((gate) => say(gateInWords(gate)))
    const names = result.refused.map(({ name }) => name).join(', ')
    throw new Failure(`${runId} is not promoted: ${names}. Nothing was changed`)
  }
  print(json, shown(result), () => [...result.gates.map(gateInWords), `${result.release} is active`].join('\n'))
}

async function back({ data, json, reason }: Common & { readonly reason?: string }): Promise<void> {
  const by = operator()
  const result = await withRegistry(data, (registry) => rollBack(registry, { by, reason: reason?.trim() || null }))
  print(json, shown(result), () => `${result.release} is active again`)
}

const collected = (name: string, before: string[]): string[] => [...before, name]

export const promoteCommand = (): Command =>
  withCommon(
    new Command('promote')
      .argument('<run>', 'its id')
      .description('runs the gates; where they are passed, builds the release and serves it'),
  )
    .option('--override <gate>', 'promote though this gate is shut; may be given often', collected, [])
    .option('--reason <text>', 'why: who overrides what is recorded in the ledger')
    .action(promote)

export const rollbackCommand = (): Command =>
  withCommon(new Command('rollback').description('serves the release before the active one'))
    .option('--reason <text>', 'why, for the ledger')
    .action(back)
