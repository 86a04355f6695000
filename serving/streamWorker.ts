import { type EventStream } from '../features/stream/redisStream.js'
import { RedisError } from '../storage/redis.js'

export type WorkerOptions = {
  /** Its name, of no other. */
  readonly name: string
  /** What another worker took longer ago than that, and did not finish, is taken over. */
  readonly takeOverMs: number
  /** Ends once nothing is left that no other worker has in hand. */
  readonly drain: boolean
  readonly stopped: () => boolean
  /** Redis does not answer: it goes on trying. */
  readonly troubled: (error: RedisError) => void
}

/** Between two looks where nothing was there, and after a Redis that did not answer. */
const [idleMs, troubledMs] = [100, 1_000]

/** Folds what is published until it is stopped; resolves to how many entries. */
export async function runWorker(
  stream: EventStream,
  { name, takeOverMs, drain, stopped, troubled }: WorkerOptions,
): Promise<number> {
  let [folded, sweepAt] = [0, 0]
  while (!stopped()) {
    try {
      let found = await stream.work(name)
      if (drain || performance.now() >= sweepAt) {
        found += await stream.takeOver(name, takeOverMs)
        await stream.trim()
        sweepAt = performance.now() + takeOverMs / 2
      }
      folded += found
      if (found > 0) continue
      if (drain) return folded
      await new Promise((done) => setTimeout(done, idleMs))
    } catch (error) {
      if (drain || !(error instanceof RedisError)) throw error
      troubled(error)
      await new Promise((done) => setTimeout(done, troubledMs))
    }
  }
  return folded
}
