import { type Artifact } from '../../engine/model/artifact.js'
import { featuresRead } from '../../engine/model/featuresRead.js'
import { featureById, productFeatures } from '../../features/definitions/catalogue.js'
import { featureDigest } from '../../features/definitions/featureDigest.js'
import { featureId } from '../../features/definitions/feature.js'
import { type Interactions } from '../../features/history/port.js'
import { type Instant } from '../../features/schema/time.js'
import { unknownProfile } from '../../training/examples.js'
import { parityOf } from '../../training/registry/parity.js'
import { probesOf } from '../../training/registry/probes.js'
import { type Lineage, RunId } from '../../training/runRecord.js'
import { type TrainingHome } from '../trainingHome.js'
import { commit, software } from '../software.js'
import { incumbentOf } from './incumbent.js'

/** Kinds whose products get their vectors, or some of them, from facts: all that a product's vector has. */
const readsProducts: ReadonlySet<string> = new Set(['content', 'ials', 'two-tower'])

/** Under what the model that was just fitted came about; its scores are compared with the trainer's on the way. */
export async function lineageFor(
  home: Pick<TrainingHome, 'releases' | 'store'>,
  {
    artifact,
    recorded,
    asOf,
  }: { readonly artifact: Artifact; readonly recorded: Interactions; readonly asOf: Instant },
): Promise<Lineage> {
  const parent = RunId.safeParse((await incumbentOf(home))?.runId)
  return {
    features: featuresOf(artifact),
    software,
    commit: commit(),
    backend: artifact.metadata['backend'] ?? 'plain',
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
    parent: parent.success ? parent.data : null,
    parity: await parityOf(artifact, await knownProbes(home, recorded, asOf), asOf),
  }
}

function featuresOf(artifact: Artifact): NonNullable<Lineage['features']> {
  const definitions = [
    ...featuresRead(artifact).flatMap((id) => featureById(id) ?? []),
    ...(kindsOf(artifact).some((kind) => readsProducts.has(kind)) ? productFeatures : []),
  ]
  return { ids: definitions.map(featureId), digest: featureDigest(definitions) }
}

/** Its own, and those of its components: what weighs objectives is a blend of one. */
function kindsOf({ metadata }: Artifact): string[] {
  const components = JSON.parse(metadata['components'] ?? '[]') as { readonly kind?: string }[]
  return [metadata, ...components].flatMap(({ kind }) => kind ?? [])
}

/** Investors of the history with their newest profiles, where the online store has them. */
async function knownProbes({ store }: Pick<TrainingHome, 'store'>, recorded: Interactions, asOf: Instant) {
  const probes = probesOf(recorded, unknownProfile, asOf)
  const known = await store.getMany(probes.map(({ profile }) => profile.id))
  return probes.map((probe, place) => ({ ...probe, profile: known[place]?.profile ?? probe.profile }))
}
