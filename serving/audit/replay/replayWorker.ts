import { parentPort, workerData } from 'node:worker_threads'
import { type Batch, replayerHere, type WorkerAnswer, type WorkerData } from './replayer.js'

/** A thread of replayer.ts: batches in, results out. */
const { replay } = replayerHere((workerData as WorkerData).folders)

parentPort?.on('message', (batch: Batch) => {
  const answered = replay(batch).then(
    (results): WorkerAnswer => ({ results }),
    (error: unknown): WorkerAnswer => ({
      failed: error instanceof Error ? (error.stack ?? error.message) : String(error),
    }),
  )
  void answered.then((answer) => parentPort?.postMessage(answer))
})
