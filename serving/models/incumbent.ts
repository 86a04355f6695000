import { type Digest } from '../../features/schema/ids.js'
import { type Home } from '../home.js'

/** What serves, and the run that it is of; null where nothing was activated. */
export async function incumbentOf({
  releases,
}: Pick<Home, 'releases'>): Promise<{ readonly digest: Digest; readonly runId: string | null } | null> {
  const digest = await releases.active()
  if (digest === null) return null
  const { manifest } = (await releases.list()).find((each) => each.digest === digest) ?? {}
  return { digest, runId: manifest?.runId ?? null }
}
