import { Command } from 'commander'
import { join } from 'node:path'
import { reasonOfData } from '../serving/dataError.js'
import { folders } from '../serving/home.js'
import { listRuns, readRun, type Run } from '../training/run.js'
import { collectCommand } from './models/collect.js'
import { compareCommand } from './models/compare.js'
import { checkCommand, importCommand } from './models/import.js'
import { promoteCommand, rollbackCommand } from './models/promotion.js'
import { reportCommand } from './models/report.js'
import { refuseEmpty } from './open.js'
import { type Common, withCommon } from './options.js'
import { print } from './output.js'

const metricsInWords = (run: Run): string =>
  Object.entries(run.metrics)
    .map(([name, value]) => `${name} ${Number(value.toFixed(4))}`)
    .join(', ')

async function runOf(data: string, id: string): Promise<Run> {
  const {
    model: _bytes,
    featureReference: _reference,
    evaluation: _evaluation,
    curve: _curve,
    ...run
  } = await reasonOfData(readRun(join(data, folders.runs), id))
  return run
}

export function modelsCommand(): Command {
  const models = new Command('models').description('the registry of training runs')
  models.addCommand(
    withCommon(new Command('list').description('all runs')).action(async ({ data, json }: Common) => {
      await refuseEmpty(data)
      const runs = await Promise.all((await listRuns(join(data, folders.runs))).map((id) => runOf(data, id)))
      print(json, runs, () =>
        runs
          .map(
            (run) =>
              `${run.id}  ${run.config.kind}  ${new Date(run.record.asOf).toISOString()}  ${metricsInWords(run)}`,
          )
          .join('\n'),
      )
    }),
  )
  models.addCommand(
    withCommon(new Command('show').argument('<run>', 'its id').description('config, data and metrics of a run')).action(
      async (id: string, { data, json }: Common) => {
        const run = await runOf(data, id)
        print(json, run, () =>
          [
            run.id,
            JSON.stringify(run.config),
            run.record.because,
            `data ${run.record.dataDigest}`,
            metricsInWords(run),
          ].join('\n'),
        )
      },
    ),
  )
  for (const command of [
    checkCommand(),
    importCommand(),
    compareCommand(),
    reportCommand(),
    promoteCommand(),
    rollbackCommand(),
    collectCommand(),
  ])
    models.addCommand(command)
  return models
}
