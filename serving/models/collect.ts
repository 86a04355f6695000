import { readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Ledger } from '../../audit/ledger.js'
import { neededByLedger } from '../../audit/needed.js'
import { type ReleaseManifest } from '../../engine/release.js'
import { type Digest } from '../../features/schema/ids.js'
import { runRecords } from '../../training/run.js'
import { folders, type Home } from '../home.js'
import { readPromotions } from './promotions.js'

export type Collected = {
  readonly releases: readonly Digest[]
  readonly runs: readonly string[]
  /** Freed, or to be freed: parts that another release shares stay. */
  readonly bytes: number
}

type Listed = { readonly digest: Digest; readonly manifest: ReleaseManifest }

/**
 * Deletes releases that no entry of the ledger names, and runs of which no kept release is. Spared are the active
 * release, the one that a rollback would serve, those of the last `keep` promotions, and the newest `keep` runs: one
 * that was just trained waits for its promotion. `dryRun`: only tells. Rejects with `BlobError` where a part of what the
 * ledger names is damaged: what it needs cannot be known then.
 */
export async function collect(
  { home, ledger }: { readonly home: Pick<Home, 'dir' | 'blobs' | 'releases'>; readonly ledger: Ledger },
  { keep, dryRun }: { readonly keep: number; readonly dryRun: boolean },
): Promise<Collected> {
  const runsDir = join(home.dir, folders.runs)
  const { blobs: needed } = await neededByLedger(ledger.iterate(), home.blobs)
  const last = (await readPromotions(runsDir)).slice(-keep)
  const [active, previous, listed] = [
    ...[await home.releases.active(), await home.releases.previous()],
    await home.releases.list(),
  ] as const
  const spared = new Set<string | null>([...needed, active, previous, ...last.map(({ release }) => release)])
  const [kept, gone] = [true, false].map((stays) => listed.filter(({ digest }) => spared.has(digest) === stays))
  const parts = partsLeft(gone ?? [], kept ?? [], needed)
  const sparedRuns = new Set([...(kept ?? []).map(({ manifest }) => manifest.runId), ...last.map(({ runId }) => runId)])
  const runs = [...(await runRecords(runsDir))]
    .sort((a, b) => b.record.asOf - a.record.asOf || (a.id < b.id ? -1 : 1))
    .slice(keep)
    .flatMap(({ id }) => (sparedRuns.has(id) ? [] : [id]))
  const found = { releases: (gone ?? []).map(({ digest }) => digest), runs, bytes: 0 }
  for (const part of parts) found.bytes += await home.blobs.sizeOf(part)
  for (const id of runs) found.bytes += await sizeOfFolder(join(runsDir, id))
  if (dryRun) return found
  // Out of the lists first: a crash leaves files that nothing names, and never a name without its files.
  if (found.releases.length > 0) await home.releases.forget(new Set(found.releases))
  for (const part of parts) await home.blobs.remove(part)
  for (const id of runs) await removeRun(runsDir, id)
  return found
}

const partsOf = ({ digest, manifest: { model, levels, hnsw, featureReference } }: Listed): readonly Digest[] => [
  ...[digest, model, levels, ...hnsw.map(({ file }) => file)],
  ...(featureReference === undefined ? [] : [featureReference]),
]

/** Blobs of what goes that nothing which stays has too. */
function partsLeft(gone: readonly Listed[], kept: readonly Listed[], needed: ReadonlySet<string>): readonly Digest[] {
  const shared = new Set<string>([...needed, ...kept.flatMap(partsOf)])
  return [...new Set(gone.flatMap(partsOf))].filter((part) => !shared.has(part))
}

async function sizeOfFolder(dir: string): Promise<number> {
  const sizes = (await readdir(dir)).map(async (name) => (await stat(join(dir, name))).size)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

/** Renamed first, so that half a run is never seen. */
async function removeRun(runsDir: string, id: string): Promise<void> {
  const aside = join(runsDir, `.removed-${id}`)
  await rename(join(runsDir, id), aside)
  await rm(aside, { recursive: true })
}
