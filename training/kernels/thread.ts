import { workerData } from 'node:worker_threads'
import { serve } from './claims.js'
import { type ThreadData } from './threads.js'
import { tasksOf } from './work.js'

/** A thread of `openThreads`. */
const { work, control, thread } = workerData as ThreadData
serve(control, tasksOf(work, thread))
