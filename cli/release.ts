import { Command } from 'commander'
import { join } from 'node:path'
import { Digest } from '../features/schema/ids.js'
import { reasonOfData } from '../serving/dataError.js'
import { folders } from '../serving/home.js'
import { releaseRun } from '../serving/retrain.js'
import { listRuns, readRun } from '../training/run.js'
import { withFullHome } from './open.js'
import { type Common, withCommon } from './options.js'
import { print, UsageError } from './output.js'

async function newestRun(runsDir: string): Promise<string> {
  const runs = await reasonOfData(Promise.all((await listRuns(runsDir)).map((id) => readRun(runsDir, id))))
  const newest = runs.sort((a, b) => b.record.asOf - a.record.asOf || (a.id < b.id ? -1 : 1))[0]
  if (newest === undefined) throw new UsageError('there is no training run yet: run "aptus train" first')
  return newest.id
}

export function releaseCommand(): Command {
  const release = new Command('release').description('model, vectors, index and thresholds under one digest')
  release.addCommand(
    withCommon(new Command('build').description('a release of a run over the newest catalogue'))
      .option('--run <id>', 'training run; default: the newest')
      .option('--activate', 'serve it from now on (the first release is activated anyway)', false)
      .action(async ({ data, json, run, activate }: Common & { run?: string; activate: boolean }) => {
        const built = await withFullHome(data, async (home) =>
          releaseRun(home, run ?? (await newestRun(join(home.dir, folders.runs))), activate),
        )
        print(json, built, () => `${built.digest}${built.activated ? ' (active)' : ''}`)
      }),
  )
  release.addCommand(
    withCommon(new Command('list').description('all releases')).action(async ({ data, json }: Common) => {
      const releases = await withFullHome(data, (home) => reasonOfData(home.releases.list()))
      print(json, releases, () =>
        releases
          .map(({ digest, active, manifest }) => `${digest}  ${manifest.runId ?? ''}${active ? '  active' : ''}`)
          .join('\n'),
      )
    }),
  )
  release.addCommand(
    withCommon(new Command('activate').argument('<digest>').description('serve this release')).action(
      async (text: string, { data, json }: Common) => {
        const digest = Digest.safeParse(text)
        if (!digest.success)
          throw new UsageError(`"${text}": want sha256: and 64 hexadecimal digits; "aptus release list" names them`)
        await withFullHome(data, (home) => reasonOfData(home.releases.activate(digest.data)))
        print(json, { activated: digest.data }, () => `${digest.data} is active`)
      },
    ),
  )
  return release
}
