import { randomBytes } from 'node:crypto'
import { type PackName } from '../../../audit/backtest/backtest.js'
import { type Period } from '../../../audit/recordedDecisions.js'
import { type Pack } from '../../../engine/suitability/pack.js'
import { type FirmId } from '../../../features/schema/ids.js'
import { type AuditService } from '../auditService.js'
import { type BacktestReport } from './backtest.js'

/** A back-test that was begun, as it stands. */
export type BacktestStanding = {
  readonly id: string
  readonly period: Period
  readonly candidate: PackName
  /** Entries of the ledger looked at, of how many. */
  readonly looked: number
  readonly entries: number
  /** Null while it is under way. */
  readonly report: BacktestReport | null
}

/** Back-tests that go on while their askers do other things. */
export type BacktestJobs = {
  /** One at a time: it takes a core. */
  start(candidate: Pack, period: Period): BacktestStanding | 'under-way'
  /** Null where the firm has none of that id, or none any more. Throws what it failed by. */
  find(firmId: FirmId, id: string): BacktestStanding | null
  /** Of the firm nothing is kept, and nothing goes on: somebody was erased whose level an example may tell. */
  forget(firmId: FirmId): void
  close(): Promise<void>
}

/** Pages of some hundred kilobytes each. */
const mostKept = 4

type Job = Omit<BacktestStanding, 'report'> & { readonly outcome: BacktestReport | Failed | null }
type Failed = { readonly failed: unknown }

export function backtestJobs(run: AuditService['backtest']): BacktestJobs {
  const jobs = new Map<string, Job>()
  let running: Promise<void> | null = null

  const change = (id: string, changes: Partial<Job>): void => {
    const job = jobs.get(id)
    if (job !== undefined) jobs.set(id, { ...job, ...changes })
  }
  const told = (id: string) => async (looked: number, entries: number) => {
    if (!jobs.has(id)) throw new Error('the back-test was given up')
    change(id, { looked, entries })
    await new Promise((resolve) => setImmediate(resolve))
  }
  const runTo = async ({ id, period }: Job, candidate: Pack): Promise<void> => {
    const outcome = await run(candidate, period, told(id)).catch((error: unknown): Failed => ({ failed: error }))
    change(id, { outcome })
    running = null
  }

  return {
    start: (candidate, period) => {
      if (running !== null) return 'under-way'
      const { id: name, version, digest } = candidate
      const id = `b-${randomBytes(16).toString('hex')}`
      const job = { id, period, candidate: { id: name, version, digest }, looked: 0, entries: 0, outcome: null }
      jobs.set(id, job)
      for (const oldest of [...jobs.keys()].slice(0, -mostKept)) jobs.delete(oldest)
      running = runTo(job, candidate)
      return standingOf(job)
    },
    find: (firmId, id) => {
      const job = jobs.get(id)
      return job?.period.firmId === firmId ? standingOf(job) : null
    },
    forget: (firmId) => {
      for (const { id, period } of jobs.values()) if (period.firmId === firmId) jobs.delete(id)
    },
    close: async () => {
      jobs.clear()
      await running
    },
  }
}

function standingOf({ outcome, ...job }: Job): BacktestStanding {
  if (outcome !== null && 'failed' in outcome) throw outcome.failed
  return { ...job, report: outcome }
}
