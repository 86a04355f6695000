import { Command } from 'commander'
import { materialise } from '../../serving/storedVectors.js'
import { withFullHome } from '../open.js'
import { type Common, withCommon } from '../options.js'
import { print, progress } from '../output.js'

export const materialiseCommand = (): Command =>
  withCommon(
    new Command('materialise').description(
      "computes everybody's features of today and keeps them in the online store; cut short, it goes on where it was",
    ),
  )
    .option('--dry-run', 'counts what is to be done, and writes nothing', false)
    .action(async ({ data, json, dryRun }: Common & { dryRun: boolean }) => {
      const begun = performance.now()
      const found = await withFullHome(data, async ({ store, history, catalogueLog }) => {
        const bar = progress()
        const { investors } = await history.counts()
        try {
          return await materialise(store, await catalogueLog.head(), Date.now(), {
            dryRun,
            told: (done) => bar.update('materialising investors', done, investors),
          })
        } finally {
          bar.stop()
        }
      })
      const seconds = (performance.now() - begun) / 1_000
      const { investors, standing, made } = found
      print(json, { ...found, dryRun, seconds, perSecond: made / seconds }, () =>
        dryRun
          ? `${investors} investors: the vectors of ${standing} stand, ${investors - standing} are to be computed`
          : `${investors} investors: ${made} computed in ${seconds.toFixed(1)} s (${Math.round(made / seconds)}/s), ${standing} stood already`,
      )
    })
