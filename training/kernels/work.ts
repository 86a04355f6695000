import { type Tasks } from './claims.js'
import { dotTasks, type DotWork } from './dotTasks.js'
import { halfStepTasks, type HalfStepWork } from './halfStepTasks.js'
import { sweepTasks, type SweepWork } from './sweepTasks.js'

/** What threads can do together. It is cloned into each of them, its memory shared. */
export type Work = SweepWork | HalfStepWork | DotWork

export function tasksOf(work: Work, thread: number): Tasks {
  if (work.kind === 'dots') return dotTasks(work)
  return work.kind === 'sweep' ? sweepTasks(work) : halfStepTasks(work, thread)
}
