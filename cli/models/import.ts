import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { Command } from 'commander'
import { formatFaults } from '../../engine/model/formatFaults.js'
import { importModel } from '../../serving/models/importModel.js'
import { readModelConfig } from '../../training/models/config.js'
import { withTrainingHome } from '../open.js'
import { type Common, instant, withCommon } from '../options.js'
import { Failure, print, UsageError } from '../output.js'

const bytesOf = async (file: string): Promise<Uint8Array> =>
  new Uint8Array(
    await readFile(file).catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(`${basename(file)}: cannot be read (${error.code ?? error.message})`)
    }),
  )

/** `aptus models check`: for who writes one in another language. */
export const checkCommand = (): Command =>
  withCommon(
    new Command('check')
      .argument('<file>', 'a model, .safetensors')
      .description('names every fault of a model’s file (docs/model-format.md)'),
  ).action(async (file: string, { json }: Common) => {
    const faults = formatFaults(await bytesOf(file))
    print(json, { faults }, () => (faults.length === 0 ? `${basename(file)}: sound` : faults.join('\n')))
    if (faults.length > 0) throw new Failure(`${basename(file)}: ${faults.length} faults`)
  })

/** `aptus models import`: a model that was made elsewhere becomes a run. */
export const importCommand = (): Command =>
  withCommon(
    new Command('import')
      .argument('<file>', 'a model, .safetensors')
      .description('registers a model that was made elsewhere, and judges it where it can; prints the run id'),
  )
    .requiredOption('--config <file>', 'YAML: kind: imported, madeWith, parameters')
    .option('--as-of <instant>', 'it learnt from nothing that was known only from here on; default: now', instant)
    .action(
      async (file: string, { data, json, seed, config: from, asOf }: Common & { config: string; asOf?: number }) => {
        const config = await readModelConfig(from).catch((error: Error) => {
          throw new UsageError(error.message)
        })
        if (config.kind !== 'imported')
          throw new UsageError(`the config is of a model "${config.kind}", want "imported"`)
        const model = await bytesOf(file)
        const [now, clock] = [Date.now(), () => performance.now()]
        const run = await withTrainingHome(data, (home) =>
          importModel(home, { model, config, seed, asOf: asOf ?? now, now, clock }),
        )
        print(json, run, () => `${run.id}\n${run.record.because}`)
      },
    )
