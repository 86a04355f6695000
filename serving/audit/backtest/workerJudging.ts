import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { type Backtest } from '../../../audit/backtest/backtest.js'
import { type Judging } from '../../../audit/backtest/judging.js'
import { type Asked, pack, type Start, type Told } from './workerMessages.js'

const file = new URL('./worker.js', import.meta.url)

/** Workers start from what was built alone. */
export const canStartWorkers = existsSync(fileURLToPath(file))

/** Batches that wait for the worker: enough that it never waits. */
const mostWaiting = 8

/** As `judging`, in a worker over the data directory `dir`, while this thread reads on. `close` ends it, whatever happened. */
export function workerJudging(start: Start): Judging & { readonly close: () => Promise<void> } {
  const worker = new Worker(file, { workerData: start })
  let waiting = 0
  let settle: { readonly resolve: () => void; readonly reject: (error: Error) => void } | null = null
  let failure: Error | null = null
  let backtest: Backtest | null = null

  const fail = (error: Error): void => {
    failure ??= error
    settle?.reject(failure)
  }
  worker.on('error', fail)
  worker.on('exit', (code) => fail(new Error(`the worker that judges ended with ${code}`)))
  worker.on('message', (told: Told) => {
    if ('backtest' in told) backtest = told.backtest
    else waiting -= 1
    settle?.resolve()
  })

  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) {
      if (failure !== null) throw failure
      await new Promise<void>((resolve, reject) => (settle = { resolve, reject }))
    }
    if (failure !== null) throw failure
  }

  return {
    add: async (decisions) => {
      const batch = pack(decisions)
      waiting += 1
      worker.postMessage({ batch } satisfies Asked, [batch.bytes.buffer])
      await until(() => waiting < mostWaiting)
    },
    result: async (circumstances) => {
      worker.postMessage({ circumstances } satisfies Asked)
      await until(() => backtest !== null)
      if (backtest === null) throw new Error('the worker that judges told no result')
      return backtest
    },
    close: async () => {
      worker.removeAllListeners('exit')
      await worker.terminate()
    },
  }
}
