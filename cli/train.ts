import { Command } from 'commander'
import { trainRun } from '../serving/retrain.js'
import { ModelConfig, readModelConfig } from '../training/models/config.js'
import { withFullHome } from './open.js'
import { type Common, instant, withCommon } from './options.js'
import { Failure, print, progress, UsageError } from './output.js'

type Options = Common & { readonly config?: string; readonly asOf?: number }

export function trainCommand(): Command {
  return withCommon(
    new Command('train').description('one training run: model, metrics, registry entry; prints the run id'),
  )
    .option('--config <file>', 'YAML; default: iALS where the interactions suffice, else the content model')
    .option('--as-of <instant>', 'learn only from what was known before', instant)
    .action(async ({ data, json, seed, config: file, asOf }: Options) => {
      const config =
        file === undefined
          ? ModelConfig.parse({ kind: 'auto' })
          : await readModelConfig(file).catch((error: Error) => {
              throw new UsageError(error.message)
            })
      const bar = progress()
      const run = await withFullHome(data, async (home) => {
        if ((await home.catalogueLog.head()).products.length === 0)
          throw new Failure('the catalogue is empty: run "aptus import" first')
        return trainRun(home, {
          config,
          seed,
          asOf: asOf ?? Date.now(),
          clock: () => performance.now(),
          onProgress: bar.update,
        })
      }).finally(bar.stop)
      print(json, run, () => run.id)
    })
}
