import { join } from 'node:path'
import { openHistory } from '../features/history/history.js'
import { type Interactions } from '../features/history/port.js'
import { protectedHistory } from '../features/history/protectedHistory.js'
import { openCatalogueLog } from '../features/store/catalogueLog.js'
import { type InvestorStore } from '../features/store/port.js'
import { compareIds, type InvestorId } from '../features/schema/ids.js'
import { type Instant } from '../features/schema/time.js'
import { openBlobs } from '../storage/blobs.js'
import { openReleases } from '../training/releases.js'
import { type Configuration } from './configuration.js'
import { DataError, reasonOfData } from './dataError.js'
import { folders, type Home } from './home.js'
import { openIdentifiers } from './identifiers.js'
import { openPacks } from './packs.js'

/** What training reads of a data directory: it writes nothing there but its run. */
export type TrainingHome = Pick<Home, 'dir' | 'history' | 'catalogueLog' | 'packs' | 'releases'> & {
  readonly store: Pick<InvestorStore, 'ids' | 'get' | 'getMany' | 'account'>
}

/**
 * Opens a data directory that another process holds, for reading: the history as far as it stands in its Parquet files,
 * which is all but what came within the last half minute, the catalogue's log, and what was released. `now` is by when
 * profiles count as known.
 */
export async function openBeside(
  dir: string,
  configuration: Configuration,
  now: Instant,
): Promise<TrainingHome & { readonly close: () => Promise<void> }> {
  const identifiers = await openIdentifiers(dir, configuration.identifiersKey ?? null)
  const kept = await reasonOfData(openHistory(join(dir, folders.history)))
  try {
    const history = identifiers === null ? kept : protectedHistory(kept, identifiers)
    const blobs = openBlobs(join(dir, folders.blobs))
    let active: Promise<readonly InvestorId[]> | null = null
    return {
      dir,
      history,
      catalogueLog: await reasonOfData(openCatalogueLog(join(dir, folders.catalogue))),
      packs: await openPacks(configuration, blobs),
      releases: await reasonOfData(openReleases(join(dir, folders.releases), blobs)),
      // The online store is its holder's alone; the history tells the same of so few.
      store: {
        ids: async (limit) => (await (active ??= idsIn(history, now))).slice(0, limit),
        get: (id) => history.investorAsOf(id, now),
        getMany: (ids) => Promise.all(ids.map((id) => history.investorAsOf(id, now))),
        account: (id) => history.accountAsOf(id, now),
      },
      close: kept.close,
    }
  } catch (error) {
    await kept.close()
    throw error
  }
}

/** Those who did anything, in code-unit order. */
const idsIn = async (history: Pick<Home['history'], 'interactions'>, now: Instant): Promise<readonly InvestorId[]> =>
  (await history.interactions(now)).investorIds.toSorted(compareIds)

/**
 * Rejects with `DataError` where somebody who was learnt from is no more in the history: he was erased meanwhile, and the
 * entry of his erasure cannot name a run that was not there yet.
 */
export async function refuseErased(
  { history }: Pick<TrainingHome, 'history'>,
  learnt: Pick<Interactions, 'investorIds'>,
  asOf: Instant,
): Promise<void> {
  const there = new Set((await history.interactions(asOf)).investorIds)
  if (!learnt.investorIds.every((id) => there.has(id)))
    throw new DataError('an investor was erased while the model learnt from him: nothing was kept; train again')
}
