import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { type RecordedBytes } from '../../../audit/recordedBytes.js'
import { type Replayed } from '../../../audit/replay.js'
import { type KeptFolders, openKept } from './kept.js'
import { replayRecorded } from './replayRecorded.js'

export type Batch = { readonly recorded: readonly RecordedBytes[]; readonly strict: boolean }

/** Decides a batch again; results in its order. */
export type Replayer = {
  readonly replay: (batch: Batch) => Promise<readonly Replayed[]>
  readonly close: () => Promise<void>
}

/** In this thread: the plain twin of the workers. */
export function replayerHere(folders: KeptFolders): Replayer {
  const kept = openKept(folders)
  return {
    replay: async ({ recorded, strict }) => {
      const results: Replayed[] = []
      for (const each of recorded) results.push(await replayRecorded(each, kept, { strict }))
      return results
    },
    close: () => Promise.resolve(),
  }
}

export type WorkerData = { readonly folders: KeptFolders }
export type WorkerAnswer = { readonly results: readonly Replayed[] } | { readonly failed: string }

/** A thread of its own, which opens for reading what decisions were made with. One batch after another. */
export function replayerInThread(folders: KeptFolders): Replayer {
  // Compiled beside this file: threads start from dist/ alone.
  const worker = new Worker(new URL('./replayWorker.js', import.meta.url), {
    workerData: { folders } satisfies WorkerData,
  })
  let last: Promise<unknown> = Promise.resolve()
  const ask = (batch: Batch): Promise<readonly Replayed[]> =>
    new Promise((done, failed) => {
      const settle = (answer: WorkerAnswer | Error): void => {
        worker.off('message', settle).off('error', settle).off('exit', ended)
        if (answer instanceof Error) failed(answer)
        else if ('failed' in answer) failed(new Error(answer.failed))
        else done(answer.results)
      }
      const ended = (code: number): void => settle(new Error(`a thread of the replay ended with code ${code}`))
      worker.on('message', settle).on('error', settle).on('exit', ended)
      worker.postMessage({ ...batch, recorded: batch.recorded.map(alone) } satisfies Batch)
    })
  return {
    replay: (batch) => {
      const answer = last.then(() => ask(batch))
      last = answer.catch(() => undefined)
      return answer
    },
    close: async () => {
      await worker.terminate()
    },
  }
}

/** With buffers of its own: of a part of one the whole would be sent. */
function alone({ index, bytes, opened }: RecordedBytes): RecordedBytes {
  const copy = (of: Uint8Array): Uint8Array => Uint8Array.from(of)
  if (opened === 'erased' || 'lost' in opened) return { index, bytes: copy(bytes), opened }
  const parts = Object.fromEntries(Object.entries(opened.parts).map(([name, part]) => [name, copy(part)]))
  return { index, bytes: copy(bytes), opened: { parts, key: copy(opened.key) } }
}

/** As many as there are cores, within reason: each holds a release and a catalogue of its own. */
export const threadsFor = (): number => Math.min(availableParallelism(), 16)

/** Decisions that go to a thread at once. */
export const batchSize = 64
