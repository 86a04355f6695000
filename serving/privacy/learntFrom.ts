import { join } from 'node:path'
import { type HeldRows } from '../../features/history/heldOn.js'
import { type Digest } from '../../features/schema/ids.js'
import { type Instant } from '../../features/schema/time.js'
import { runRecords } from '../../training/run.js'
import { folders, type Home } from '../home.js'

/** A training run that read a person's data, and what was released of its model. */
export type Learnt = {
  /** Null: a release of which no run tells what it had learnt from, so that he may be in it. */
  readonly runId: string | null
  readonly kind: string | null
  readonly asOf: Instant | null
  /** How many of his purchases, views and readings it had. */
  readonly interactions: number
  readonly releases: readonly { readonly digest: Digest; readonly active: boolean }[]
}

const learntTypes: ReadonlySet<string> = new Set(['purchase', 'view', 'content-read'])

/**
 * Which models had learnt from a person, by his rows of the history: `History.interactions` gives training what was known
 * before a run's `asOf`, and nothing else of anybody but the profiles of those who have such rows.
 */
export async function learntFrom(
  { dir, releases }: Pick<Home, 'dir' | 'releases'>,
  { events }: Pick<HeldRows, 'events'>,
): Promise<readonly Learnt[]> {
  const his = events.filter(({ value }) => learntTypes.has(value.type) && value.productId !== null)
  if (his.length === 0) return []
  const released = await releases.list()
  const ofRun = (runId: string | null): Learnt['releases'] =>
    released.flatMap(({ digest, active, manifest }) => (manifest.runId === runId ? [{ digest, active }] : []))
  const runs = await runRecords(join(dir, folders.runs))
  const learnt = runs.flatMap(({ id, kind, record: { asOf, historySequence = Infinity } }): readonly Learnt[] => {
    const interactions = his.filter(({ knownAt, seq }) => knownAt < asOf && seq < historySequence).length
    return interactions === 0 ? [] : [{ runId: id, kind, asOf, interactions, releases: ofRun(id) }]
  })
  const known = new Set(runs.map(({ id }) => id))
  const unknown = released.flatMap(({ digest, active, manifest: { runId } }) =>
    runId !== null && known.has(runId) ? [] : [{ digest, active }],
  )
  const untold = { runId: null, kind: null, asOf: null, interactions: his.length, releases: unknown }
  return unknown.length === 0 ? learnt : [...learnt, untold]
}
