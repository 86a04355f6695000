import { Command } from 'commander'
import { collect } from '../../serving/models/collect.js'
import { type Common, wholeNumber, withCommon } from '../options.js'
import { print } from '../output.js'
import { withRegistry } from './promotion.js'

type Options = Common & { readonly keep: number; readonly dryRun: boolean }

async function collected({ data, json, keep, dryRun }: Options): Promise<void> {
  const found = await withRegistry(data, (registry) => collect(registry, { keep, dryRun }))
  print(json, { ...found, dryRun }, () =>
    [
      ...found.releases.map((digest) => `release ${digest}`),
      ...found.runs,
      `${found.releases.length} releases, ${found.runs.length} runs: ${found.bytes} bytes ${dryRun ? 'would be ' : ''}freed`,
    ].join('\n'),
  )
}

export const collectCommand = (): Command =>
  withCommon(new Command('collect').description('deletes runs and releases that nothing needs any more'))
    .option('--keep <n>', 'last promotions, and newest runs, that stay', wholeNumber(1, 10_000), 5)
    .option('--dry-run', 'only tell what would go', false)
    .action(collected)
