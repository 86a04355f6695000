import { join } from 'node:path'
import { openedParts } from '../../../audit/recordedBytes.js'
import { folders } from '../../home.js'
import { type AuditPorts } from '../audit.js'
import { openKept } from './kept.js'
import { replayerHere, replayerInThread } from './replayer.js'
import { replayMany } from './replayMany.js'
import { type ReplayService } from './replayService.js'
import { replayRecorded } from './replayRecorded.js'

/** Decisions decided again, over an open data directory. */
export function replayOf({ home, record }: Pick<AuditPorts, 'home' | 'record'>): ReplayService {
  const where = { blobs: join(home.dir, folders.blobs), catalogue: join(home.dir, folders.catalogue) }
  const kept = openKept(where)
  return {
    replay: async (firmId, id, options) => {
      const found = await record.ledger.get(id)
      if (found?.entry.type !== 'decision' || found.entry.firmId !== firmId) return null
      const { index, bytes, entry } = found
      const recorded = { index, bytes, opened: await openedParts(record.persons, entry) }
      return { decisionId: id, ledgerIndex: index, replayed: await replayRecorded(recorded, kept, options) }
    },
    replayMany: async (period, { strict, threads, told }) => {
      const replayers =
        threads === 0 ? [replayerHere(where)] : Array.from({ length: threads }, () => replayerInThread(where))
      try {
        return await replayMany(record, period, replayers, { strict, told })
      } finally {
        for (const { close } of replayers) await close()
      }
    },
  }
}
