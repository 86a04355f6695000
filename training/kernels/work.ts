import { type Tasks } from './claims.js'
import { sweepTasks, type SweepWork } from './sweepTasks.js'

/** What threads can do together. It is cloned into each of them, its memory shared. */
export type Work = SweepWork

export const tasksOf = (work: Work, _thread: number): Tasks => sweepTasks(work)
