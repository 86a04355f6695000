import { randomBytes } from 'node:crypto'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type DecisionId, type Digest } from '../features/schema/ids.js'
import { type Instant } from '../features/schema/time.js'
import { type SystemEntry } from './entry.js'
import { type Ledger } from './ledger.js'

/** The versions on which the bytes of a decision depend. */
export type Software = { readonly aptus: string; readonly node: string }

/**
 * Enters what decisions name before the first that names it; nothing where it is what was entered last. One call at a
 * time. Rejects as the ledger does: then nothing may be decided by it.
 */
export type Activations = {
  readonly software: (software: Software, at: Instant) => Promise<void>
  readonly release: (digest: Digest, at: Instant) => Promise<void>
  /** The newest revision stands for all before it: its digest covers them. */
  readonly catalogue: (catalogue: Pick<Catalogue, 'revision' | 'digest'>, at: Instant) => Promise<void>
}

export function activationsIn(ledger: Ledger): Activations {
  const entered = (at: Instant) => ({ v: 1, entryId: systemEntryId(), at }) as const
  return {
    software: async ({ aptus, node }, at) => {
      const last = await ledger.latest('software')
      if (last?.aptus === aptus && last.node === node) return
      await ledger.append({ ...entered(at), type: 'software', aptus, node })
    },
    release: async (release, at) => {
      const previous = (await ledger.latest('release-activation'))?.release ?? null
      if (previous !== release) await ledger.append({ ...entered(at), type: 'release-activation', release, previous })
    },
    catalogue: async ({ revision, digest }, at) => {
      const last = await ledger.latest('catalogue-revision')
      if (last?.revision === revision && last.digest === digest) return
      await ledger.append({ ...entered(at), type: 'catalogue-revision', revision, digest })
    },
  }
}

/** The alarm of a decision, for who reads the record later. */
export const disagreementEntry = (
  { decisionId, count }: { readonly decisionId: DecisionId; readonly count: number },
  at: Instant,
): SystemEntry => ({ v: 1, entryId: systemEntryId(), at, type: 'recheck-disagreement', decisionId, count })

/** Of an entry about the installation. */
export const systemEntryId = (): string => `s-${randomBytes(16).toString('hex')}`
