import { Command } from 'commander'
import { join } from 'node:path'
import { decodeArtifact } from '../../engine/model/artifact.js'
import { featuresRead } from '../../engine/model/featuresRead.js'
import { featureById } from '../../features/definitions/catalogue.js'
import { type FeaturePlan, noteApplied, planFeatures } from '../../serving/appliedFeatures.js'
import { folders, type Home } from '../../serving/home.js'
import { materialise } from '../../serving/storedVectors.js'
import { listRuns, readRun } from '../../training/run.js'
import { withFullHome } from '../open.js'
import { type Common, withCommon } from '../options.js'
import { Failure, print, progress } from '../output.js'

type Shown = FeaturePlan & {
  /** Vectors that are to be computed. */
  readonly vectors: number
  /** Runs whose model reads a definition that is gone: it cannot be served. */
  readonly unreadable: readonly string[]
  /** Of the active release's model. */
  readonly reads: readonly string[]
}

async function shown(home: Home): Promise<Shown> {
  const plan = await planFeatures(home.dir)
  const { investors, standing } = await materialise(home.store, await home.catalogueLog.head(), Date.now(), {
    dryRun: true,
  })
  const active = await home.releases.active()
  const runs = await readByRuns(join(home.dir, folders.runs))
  return {
    ...plan,
    vectors: investors - standing,
    reads: active === null ? [] : readBy(await home.blobs.get((await home.releases.open(active)).manifest.model)),
    unreadable: runs.filter(({ reads }) => reads.some((id) => featureById(id) === undefined)).map(({ run }) => run),
  }
}

const readBy = (model: Uint8Array): readonly string[] => featuresRead(decodeArtifact(model))

async function readByRuns(dir: string): Promise<readonly { run: string; reads: readonly string[] }[]> {
  const runs = []
  for (const run of await listRuns(dir)) runs.push({ run, reads: readBy((await readRun(dir, run)).model) })
  return runs
}

function inWords({ added, removed, changed, vectors, reads, unreadable, appliedAt }: Shown): string {
  const list = (title: string, ids: readonly string[]) => (ids.length === 0 ? [] : [`${title}: ${ids.join(', ')}`])
  const same = added.length + removed.length + changed.length === 0
  return [
    ...(appliedAt === null ? ['definitions were never applied to this directory'] : []),
    ...(same ? ['definitions are as they were applied'] : []),
    ...list('new', added),
    ...list('gone', removed),
    ...list('defined otherwise under the same version, which is a fault', changed),
    ...list('the active release reads', reads),
    ...list('runs whose model reads what is gone, and cannot be served', unreadable),
    vectors === 0 ? "everybody's vector of today stands" : `vectors to be computed: ${vectors}`,
  ].join('\n')
}

export const planCommand = (): Command =>
  withCommon(new Command('plan').description('what a change of definitions will rebuild; writes nothing')).action(
    async ({ data, json }: Common) => {
      const plan = await withFullHome(data, shown)
      print(json, plan, () => inWords(plan))
    },
  )

export const applyCommand = (): Command =>
  withCommon(
    new Command('apply').description('rebuilds what the plan says, and notes the definitions as applied'),
  ).action(async ({ data, json }: Common) => {
    const done = await withFullHome(data, async (home) => {
      const { changed } = await planFeatures(home.dir)
      if (changed.length > 0)
        throw new Failure(`${changed.join(', ')}: defined otherwise under the same version; give it the next version`)
      const bar = progress()
      try {
        const { investors } = await home.history.counts()
        const made = await materialise(home.store, await home.catalogueLog.head(), Date.now(), {
          dryRun: false,
          told: (count) => bar.update('materialising investors', count, investors),
        })
        await noteApplied(home.dir, Date.now())
        return made
      } finally {
        bar.stop()
      }
    })
    print(json, done, () => `applied: ${done.made} vectors computed, ${done.standing} stood already`)
  })
