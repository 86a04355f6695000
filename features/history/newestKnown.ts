import { type Instant } from '../schema/time.js'
import { type Manifest } from './manifest.js'
import { type Place } from './parquet.js'
import { relation } from './tables.js'

/** The newest fact of a kind from a source, such as `api` or `import`: from when it was known, ms UTC. */
export type NewestKnown = { readonly kind: 'events' | 'investors'; readonly source: string; readonly knownAt: Instant }

/** One a kind and source that has rows, by kind and source. */
export const newestKnown = async ({ dir, database }: Place, manifest: Manifest): Promise<readonly NewestKnown[]> => {
  const of = async (kind: NewestKnown['kind']): Promise<readonly NewestKnown[]> => {
    const rows = await database.rows(`SELECT source, max(known_at)::DOUBLE FROM ${relation(dir, manifest, kind)}
      GROUP BY source ORDER BY source`)
    return rows.map(([source, knownAt]) => ({ kind, source: String(source), knownAt: Number(knownAt) }))
  }
  return [...(await of('events')), ...(await of('investors'))]
}
