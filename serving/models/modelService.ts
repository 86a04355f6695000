import { join } from 'node:path'
import { turns } from '../../audit/turns.js'
import { type Reader } from '../../audit/personActs.js'
import { type Digest } from '../../features/schema/ids.js'
import { listRuns, readRun, type Run } from '../../training/run.js'
import { reasonOfData } from '../dataError.js'
import { folders } from '../home.js'
import { recording } from '../recording.js'
import { promoteRun, type Promoting, type Refused, type Registry, rollBack, UnknownGate } from './promote.js'
import { type Promotion } from './promotions.js'

/** A run as it is listed: what it was made of and its figures, without the model. */
export type ListedRun = Pick<Run, 'id' | 'record' | 'config' | 'metrics'>

export type ModelRefusal = {
  readonly refusal:
    'unknown-run' | 'unknown-release' | 'no-release-before' | 'gates-shut' | 'unknown-gate' | 'override-without-reason'
  readonly gates?: Refused['gates']
}

/**
 * The registry beside a service that answers: what is activated serves the next request. Requests wait while the gates
 * of a promotion measure the model, on the same thread.
 */
export type ModelService = {
  /** All runs of the data directory, by id. */
  list(): Promise<readonly ListedRun[]>
  activate(digest: Digest): Promise<{ readonly release: Digest } | ModelRefusal>
  promote(asked: Promoting): Promise<Promotion | ModelRefusal>
  rollback(by: Reader, reason: string | null): Promise<Promotion | ModelRefusal>
}

/** `takenUp` makes what is now active serve; it is entered in the ledger before it binds. */
export function modelService(registry: Registry, takenUp: () => Promise<void>): ModelService {
  const { home } = registry
  const runs = join(home.dir, folders.runs)
  // One change after another: each is judged beside what the one before left.
  const { alone } = turns<never, never>(() => Promise.resolve([]))
  const changed = async <T extends object>(change: () => Promise<T>): Promise<T> =>
    alone(async () => {
      const done = await recording(change())
      if (!('refusal' in done)) await takenUp()
      return done
    })
  return {
    list: async () =>
      Promise.all((await listRuns(runs)).map(async (id) => listed(await reasonOfData(readRun(runs, id))))),
    activate: (digest) =>
      changed(async () => {
        if (!(await home.releases.list()).some((release) => release.digest === digest))
          return { refusal: 'unknown-release' } as const
        await reasonOfData(home.releases.activate(digest))
        return { release: digest }
      }),
    promote: (asked) =>
      changed(async () => {
        if (!(await listRuns(runs)).includes(asked.runId)) return { refusal: 'unknown-run' } as const
        if (asked.override.length > 0 && asked.reason === null) return { refusal: 'override-without-reason' } as const
        try {
          const promoted = await promoteRun(registry, asked)
          return 'refused' in promoted ? ({ refusal: 'gates-shut', gates: promoted.gates } as const) : promoted
        } catch (error) {
          if (error instanceof UnknownGate) return { refusal: 'unknown-gate', gates: error.gates } as const
          throw error
        }
      }),
    rollback: (by, reason) =>
      changed(async () =>
        (await home.releases.previous()) === null
          ? ({ refusal: 'no-release-before' } as const)
          : rollBack(registry, { by, reason }),
      ),
  }
}

const listed = ({ id, record, config, metrics }: Run): ListedRun => ({ id, record, config, metrics })
