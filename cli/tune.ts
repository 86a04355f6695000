import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Command } from 'commander'
import { stringify } from 'yaml'
import { openValidation } from '../serving/models/validation.js'
import { formatInstant } from '../features/schema/time.js'
import {
  beginJournal,
  continueJournal,
  type Journal,
  readJournal,
  type Search,
  type Trial,
} from '../training/tuning/journal.js'
import { readSpace } from '../training/tuning/space.js'
import { tune } from '../training/tuning/tune.js'
import { withTrainingHome } from './open.js'
import { type Common, instant, wholeNumber, withCommon } from './options.js'
import { Failure, print, progress, say, UsageError } from './output.js'

type Options = Common & {
  readonly budget: number
  readonly resume: boolean
  readonly asOf?: number
  readonly out?: string
}

const metric = 'ndcg@10'

export const tuneCommand = (): Command =>
  withCommon(
    new Command('tune')
      .argument('<space>', 'YAML: a kind of model, and what its parameters may be (training/spaces/)')
      .description('successive halving over configs, judged on a validation period before the test period'),
  )
    .option('--budget <n>', 'configs tried', wholeNumber(1, 100_000), 27)
    .option('--resume', 'go on with the search of this name where it was cut off', false)
    .option('--as-of <instant>', 'only what was known before; of a search that goes on, its own', instant)
    .option('--out <file>', 'the best config, as YAML for "aptus train --config"')
    .action(run)

const wrong = (error: unknown): never => {
  throw new UsageError(error instanceof Error ? error.message : String(error))
}

async function run(file: string, options: Options): Promise<void> {
  const { data, json, seed, out } = options
  const space = await readSpace(file).catch(wrong)
  const name = basename(file).replace(/\.ya?ml$/, '')
  const path = join(data, 'tuning', `${name}.jsonl`)
  const read = options.resume ? await readJournal(path).catch(wrong) : null
  const bar = progress()
  const { board, judged, validation } = await withTrainingHome(data, async (home) => {
    const asOf = read?.search.asOf ?? options.asOf ?? Date.now()
    const { objective, ...of } = await openValidation(home, asOf, seed)
    const search: Search = { v: 1, space: digestOf(space), seed, budget: options.budget, asOf, data: of.data }
    const journal = read === null ? await beginJournal(path, search) : await goneOn(path, read, search)
    const onTrial = (_: Trial, done: number, total: number): void => bar.update('trials', done, total)
    const board = await tune({ space, objective, metric, journal, clock: () => performance.now(), onTrial }).finally(
      journal.close,
    )
    return { board, judged: of.judged, validation: { from: formatInstant(of.cut), until: formatInstant(of.test) } }
  }).finally(bar.stop)
  const best = board[0]
  if (best === undefined || best.score === null)
    throw new Failure(`no config of the space could be fitted: ${best?.fault ?? 'none was tried'}`)
  if (out !== undefined) await writeFile(out, configText(best, name, options))
  print(json, { metric, judged, validation, best: best.config, leaderboard: board }, () =>
    [
      `judged on ${judged} investors, purchases from ${validation.from} until ${validation.until}; the test period begins there`,
      ...board.map(line),
    ].join('\n'),
  )
  if (out !== undefined) say(`the best config: ${out}`)
}

const digestOf = (space: unknown): string => createHash('sha256').update(JSON.stringify(space)).digest('hex')

async function goneOn(
  path: string,
  read: NonNullable<Awaited<ReturnType<typeof readJournal>>>,
  search: Search,
): Promise<Journal> {
  const words = { space: 'the space', seed: '--seed', budget: '--budget', data: 'the history' }
  for (const [key, word] of Object.entries(words) as [keyof typeof words, string][])
    if (read.search[key] !== search[key])
      throw new UsageError(`${word} is not that of the search that was cut off: begin again without --resume`)
  return continueJournal(path, read)
}

const line = ({ config, score, share, seconds, trial, fault }: Trial, place: number): string => {
  const figure = score === null ? `failed: ${fault ?? ''}` : `${metric} ${score.toFixed(5)}`
  const { kind: _, ...parameters } = config
  return `${place + 1}. trial ${trial}  ${figure}  of ${Math.round(share * 100)} % in ${seconds.toFixed(1)} s  ${JSON.stringify(parameters)}`
}

const configText = ({ config, score, trial }: Trial, name: string, { budget, seed }: Options): string =>
  `# aptus tune ${name}.yaml --budget ${budget} --seed ${seed}: trial ${trial}, ${metric} ${score?.toFixed(5) ?? ''} on the validation period.\n${stringify(config)}`
