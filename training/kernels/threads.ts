import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { endAll, newControl, phaseOf } from './claims.js'
import { tasksOf, type Work } from './work.js'

const file = new URL('./thread.js', import.meta.url)
/** Threads start from what was built alone. */
const canStartThreads = existsSync(fileURLToPath(file))
/** Below so many multiplications a thread takes longer to start than it saves. */
const worthAThread = 1e9

/** This thread and others, as many as there are processors and as the multiplications are worth. */
export const threadsFor = (multiplications: number): number =>
  canStartThreads ? Math.max(1, Math.min(availableParallelism(), Math.floor(multiplications / worthAThread))) : 1

export type ThreadData = { readonly work: Work; readonly control: Int32Array; readonly thread: number }

export type Threads = {
  /** Returns when all `count` tasks of the phase are done, by this thread too; throws what one of them throws. */
  readonly phase: (phase: number, argument: number, count: number) => void
  readonly close: () => void
}

/** `count` threads with this one, which waits for none of them to start. Node's own thread pool is for I/O. */
export function openThreads(work: Work, count: number): Threads {
  const control = newControl()
  for (let thread = 1; thread < count; thread++)
    new Worker(file, { workerData: { work, control, thread } satisfies ThreadData }).unref()
  const tasks = tasksOf(work, 0)
  return {
    phase: (phase, argument, tasksOfPhase) => phaseOf(control, tasks, [phase, argument], tasksOfPhase),
    close: () => endAll(control),
  }
}
