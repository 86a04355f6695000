import { Command, InvalidArgumentError } from 'commander'
import { formatInstant } from '../features/schema/time.js'
import { driftedSince } from '../serving/models/drifted.js'
import { type Plan, planOf } from '../serving/models/plan.js'
import { writePage } from '../serving/models/report/write.js'
import { trainRun } from '../serving/retrain.js'
import { type TrainingHome } from '../serving/trainingHome.js'
import { ModelConfig, readModelConfig } from '../training/models/config.js'
import { withTrainingHome } from './open.js'
import { type Common, instant, withCommon } from './options.js'
import { Failure, print, progress, say, UsageError } from './output.js'
import { reasonOf } from './reasons.js'

type Options = Common & {
  readonly config?: string
  readonly asOf?: number
  readonly dryRun: boolean
  readonly ifDrifted: boolean
  readonly psi: number
  readonly newPurchases: number
}

const positive = (text: string): number => {
  const value = Number(text)
  if (!(value > 0 && value < Infinity)) throw new InvalidArgumentError('want a number above 0, such as 0.2.')
  return value
}

export function trainCommand(): Command {
  return withCommon(
    new Command('train').description('one training run: model, metrics, registry entry; prints the run id'),
  )
    .option('--config <file>', 'YAML; default: iALS where the interactions suffice, else the content model')
    .option('--as-of <instant>', 'learn only from what was known before', instant)
    .option('--dry-run', 'say what would be done and what it would cost; write nothing', false)
    .option('--if-drifted', 'train only where the data have moved away from what the serving model learnt from', false)
    .option('--psi <bound>', 'with --if-drifted: of a feature, above which it has', positive, 0.2)
    .option('--new-purchases <share>', 'with --if-drifted: since then, above which it has', positive, 0.1)
    .action(async (options: Options) => {
      const { data, config: file, asOf = Date.now() } = options
      const config =
        file === undefined
          ? ModelConfig.parse({ kind: 'auto' })
          : await readModelConfig(file).catch((error: Error) => {
              throw new UsageError(error.message)
            })
      await withTrainingHome(data, (home, beside) => act(home, beside, config, { ...options, asOf }))
    })
}

async function act(
  home: TrainingHome,
  beside: boolean,
  config: ModelConfig,
  { json, seed, asOf, dryRun, ifDrifted, psi, newPurchases }: Options & { readonly asOf: number },
): Promise<void> {
  if ((await home.catalogueLog.head()).products.length === 0)
    throw new Failure('the catalogue is empty: run "aptus import" first')
  const drift = ifDrifted ? await driftedSince(home, asOf, seed, { psi, newPurchases }) : null
  if (dryRun) {
    const plan = await planOf(home, config, asOf)
    const would = {
      ...plan,
      asOf: formatInstant(asOf),
      heldOutFrom: plan.heldOutFrom && formatInstant(plan.heldOutFrom),
    }
    return print(json, drift === null ? would : { ...would, drift }, () =>
      [
        ...(drift === null ? [] : [`${drift.drifted ? 'drifted' : 'not drifted'}: ${drift.because}`]),
        ...inWords(plan),
      ].join('\n'),
    )
  }
  if (drift?.drifted === false) return print(json, { trained: null, ...drift }, () => `not trained: ${drift.because}`)
  if (drift !== null) say(`trained anew: ${drift.because}`)
  const bar = progress()
  const clock = (): number => performance.now()
  const run = await trainRun(home, { config, seed, asOf, clock, beside, onProgress: bar.update }).finally(bar.stop)
  print(json, drift === null ? run : { trained: run, ...drift }, () => run.id)
  await writePage(home, run.id, Date.now(), clock).catch((error: unknown) => {
    const reason = reasonOf(error)
    if (reason === null) throw error
    say(`the run stands, its page could not be made: ${reason.message}`)
  })
}

const inWords = ({ asOf, rows, investors, products, pairs, config, because, heldOutFrom, cost }: Plan): string[] => [
  `would train ${config.kind}: ${because}`,
  `on what was known before ${formatInstant(asOf)}: ${rows.purchases} purchases and ${rows.views} views of ${investors} investors, ${products} products; ${pairs} pairs`,
  heldOutFrom === null
    ? 'would not be judged: too few purchases to hold out'
    : `would be judged on purchases from ${formatInstant(heldOutFrom)} on, by a fit on what came before; then fitted on everything`,
  `about ${cost.seconds} s and ${cost.peakMb} MB: ${cost.because}`,
  'nothing was written',
]
