import { type Tasks } from './claims.js'
import { halfStepTasks, type HalfStepWork } from './halfStepTasks.js'
import { sweepTasks, type SweepWork } from './sweepTasks.js'

/** What threads can do together. It is cloned into each of them, its memory shared. */
export type Work = SweepWork | HalfStepWork

export const tasksOf = (work: Work, thread: number): Tasks =>
  work.kind === 'sweep' ? sweepTasks(work) : halfStepTasks(work, thread)
