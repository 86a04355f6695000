import { parentPort, workerData } from 'node:worker_threads'
import { judging } from '../../../audit/backtest/judging.js'
import { keptIn } from './kept.js'
import { type Asked, type Start, type Told, unpack } from './workerMessages.js'

/** Judges the decisions that the main thread reads and decrypts. */
const { dir, candidate } = workerData as Start
const tell = (told: Told): void => parentPort?.postMessage(told)
const open = judging(candidate, keptIn(dir))

/** One after the other: the next message may come while a pack or catalogue is read. */
let last: Promise<void> = Promise.resolve()

parentPort?.on('message', (asked: Asked) => {
  last = last.then(async () => {
    if ('circumstances' in asked) tell({ backtest: await open.result(asked.circumstances) })
    else {
      await open.add(unpack(asked.batch))
      tell({ taken: true })
    }
  })
})
