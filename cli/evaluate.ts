import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { fileURLToPath } from 'node:url'
import { readPack } from '../engine/suitability/readPack.js'
import { packFile } from '../serving/configuration.js'
import { type ModelConfig, ModelConfig as ModelConfigSchema, readModelConfig } from '../training/models/config.js'
import { evaluateFarTrans, evaluateFarTransValidation } from '../training/protocols/farTrans.js'
import { decideRecommender } from '../training/protocols/farTransDecide.js'
import { evaluateInteractions } from '../training/protocols/interactions.js'
import { validationDates } from '../training/protocols/farTransFiles.js'
import { writeRows } from '../training/protocols/recommendationsFile.js'
import { parseRange } from '../training/protocols/splitRange.js'
import { type Common, wholeNumber, withCommon } from './options.js'
import { print, progress, UsageError } from './output.js'

const evaluatedModels = ['blend', 'ials', 'ease', 'item-knn', 'spectral', 'two-tower', 'popularity'] as const
type EvaluatedModel = (typeof evaluatedModels)[number]

/** The model held to be best on the temporal protocol, with the config fixed on its validation dates. */
const bestFarTrans = 'blend'
const farTransConfigs: Readonly<Record<string, string>> = {
  ials: 'ials-far-trans',
  ease: 'ease-far-trans',
  blend: 'blend-far-trans',
  'item-knn': 'item-knn-far-trans',
  popularity: 'popularity',
  'two-tower': 'two-tower',
}

/** A config of the repository, seen from dist/cli/. */
const shippedConfig = (name: string): string =>
  fileURLToPath(new URL(`../../training/configs/${name}.yaml`, import.meta.url))

const refused = (error: unknown): never => {
  throw new UsageError(error instanceof Error ? error.message : String(error))
}

async function configOf(model: string, file: string | undefined, shipped?: string): Promise<ModelConfig> {
  if (file === undefined && shipped === undefined) return ModelConfigSchema.parse({ kind: model })
  const config = await readModelConfig(file ?? shippedConfig(shipped ?? '')).catch(refused)
  if (config.kind !== model) throw new UsageError(`the config is of a model "${config.kind}", not "${model}"`)
  return config
}

type FarTransOptions = Common & {
  readonly dir: string
  readonly splits: string
  readonly model: EvaluatedModel
  readonly config?: string
  readonly suitability: 'on' | 'off'
  readonly out?: string
}

async function farTrans(options: FarTransOptions): Promise<void> {
  const { dir, model, out, seed, suitability } = options
  const config = await configOf(model, options.config, farTransConfigs[model])
  const name = suitability === 'on' ? 'eval-band' : 'eval-open'
  const pack = readPack(readFileSync(packFile(name)), `${name}.yaml`)
  const bar = progress()
  const report = await writeRows(out ?? null, ['split_index', 'customerID', 'rank', 'ISIN'], (append) => {
    const given = {
      dir,
      recommenderFor: decideRecommender(config, seed, pack),
      onSlates: (lines: readonly string[]) => append(lines.map((line) => line.split(','))),
      onSplit: (done: number, total: number) => bar.update('splits', done, total),
    }
    return options.splits === 'validation'
      ? evaluateFarTransValidation(given, validationDates)
      : evaluateFarTrans({ ...given, splits: parseRange(options.splits) })
  })
    .catch(refused)
    .finally(bar.stop)
  print(options.json, { model, config, suitability, ...report }, () =>
    [
      `${model}, suitability ${suitability}, splits ${options.splits}`,
      ...Object.entries({ ...report.metrics, ...report.intervals }).map(([metric, value]) =>
        metric in report.intervals
          ? `  ${metric}: ${shown(report.metrics[metric as keyof typeof report.intervals])} (95 %: ${[value].flat().map(shown).join(' to ')})`
          : `  ${metric}: ${shown(value)}`,
      ),
    ].join('\n'),
  )
}

const shown = (value: unknown): string =>
  typeof value === 'number' ? String(Number(value.toFixed(5))) : JSON.stringify(value)

type InteractionsOptions = Common & {
  readonly train: string
  readonly test: string
  readonly model: EvaluatedModel
  readonly config?: string
  readonly at: number
  readonly negatives?: string
  readonly out?: string
}

async function interactions(options: InteractionsOptions): Promise<void> {
  const config = await configOf(options.model, options.config)
  const bar = progress()
  const report = await evaluateInteractions({
    train: options.train,
    test: options.test,
    negatives: options.negatives ?? null,
    config,
    at: options.at,
    seed: options.seed,
    out: options.out ?? null,
    clock: () => performance.now(),
    onProgress: (done, total) => bar.update('fit', done, total),
  })
    .catch(refused)
    .finally(bar.stop)
  print(options.json, report, () =>
    [
      `${report.model}: ${Object.entries(report.metrics)
        .map(([metric, value]) => `${metric} ${shown(value)}`)
        .join(', ')}`,
      `${report.users} users, ${report.items} items, ${report.pairs} pairs; ${report.seconds.train.toFixed(1)} s to train, ${report.seconds.recommend.toFixed(1)} s to recommend, ${report.peakRssMb} MB`,
    ].join('\n'),
  )
}

const modelOption = (): Option => new Option('--model <name>', 'which model').choices(evaluatedModels)

export function evaluateCommand(): Command {
  const command = new Command('evaluate').description('scores a model on data that it was not trained on')
  command.addCommand(
    withCommon(
      new Command('far-trans').description(
        'the temporal protocol of FAR-Trans, every slate by the engine’s own decide',
      ),
    )
      .requiredOption('--dir <dir>', 'folder of the data set')
      .requiredOption('--splits <range>', 'such as 0-39, or validation: the dates on which models are tuned')
      .addOption(modelOption().default(bestFarTrans))
      .option('--config <file>', 'YAML; default: the one fixed on the validation dates')
      .addOption(
        new Option('--suitability <on|off>', 'eval-band, or all permitted').choices(['on', 'off']).default('on'),
      )
      .option('--out <file>', 'RECS.csv: split_index,customerID,rank,ISIN')
      .action(farTrans),
  )
  command.addCommand(
    withCommon(new Command('interactions').description('trains on any implicit-feedback data and scores it'))
      .requiredOption('--train <file>', '"user,item[,timestamp]" with a header, or lines "user item item …"; .gz too')
      .requiredOption('--test <file>', 'the same format')
      .addOption(modelOption().makeOptionMandatory())
      .option('--config <file>', 'YAML')
      .option('--at <k>', 'cut-off of the metrics', wholeNumber(1, 10_000), 20)
      .option('--negatives <file>', 'each user’s candidates to rank beside his test item')
      .option('--out <file>', 'RECS.csv: user,rank,item')
      .action(interactions),
  )
  return command
}
