import { Command } from 'commander'
import { traitsIn } from '../../features/definitions/traits.js'
import { storedVector } from '../../features/definitions/vectors.js'
import { reconcile, type Reconciled } from '../../serving/reconcile.js'
import { withFullHome } from '../open.js'
import { type Common, wholeNumber, withCommon } from '../options.js'
import { Failure, print, progress } from '../output.js'

export const reconcileCommand = (): Command =>
  withCommon(
    new Command('reconcile').description(
      'compares the online store with the fold of the history; exit 1 where they differ, 0 once it is repaired',
    ),
  )
    .option('--sample <n>', 'so many investors, drawn by --seed, instead of all', wholeNumber(1))
    .option('--repair', 'puts right in the store what differs', false)
    .action(async ({ data, json, seed, sample, repair }: Common & { sample?: number; repair: boolean }) => {
      const found = await withFullHome(data, async ({ history, store, catalogueLog }) => {
        const bar = progress()
        const total = sample ?? (await history.counts()).investors
        const traitsOf = traitsIn(await catalogueLog.head())
        const at = Date.now()
        try {
          return await reconcile(history, store, {
            sample: sample ?? null,
            seed,
            repair,
            vectorOf: (account) => storedVector(account, at, traitsOf),
            told: (compared) => bar.update('comparing investors', compared, total),
          })
        } finally {
          bar.stop()
        }
      })
      print(json, found, () => inWords(found, repair))
      if (found.drifted > found.repaired)
        throw new Failure('the store differs from the history: run "aptus features reconcile --repair"')
    })

function inWords({ compared, drifted, missing, unknown, repaired, ...found }: Reconciled, repair: boolean): string {
  if (drifted === 0) return `${compared} investors compared: the store holds what the history says`
  const lines = (title: string, counts: Readonly<Record<string, number>>): readonly string[] =>
    Object.entries(counts).map(([name, count]) => `  ${title} ${name}: ${count}`)
  return [
    `${compared} investors compared, ${drifted} differ: ${missing} are missing in the store, ${unknown} in the history`,
    ...lines('field', found.byField),
    ...lines('feature', found.byFeature),
    `  such as ${found.examples.join(', ')}`,
    ...(repair ? [`${repaired} repaired`] : []),
  ].join('\n')
}
