import { Command } from 'commander'
import { hostname } from 'node:os'
import { readConfiguration } from '../../serving/configuration.js'
import { openStoreEvents } from '../../serving/streamedStore.js'
import { runWorker } from '../../serving/streamWorker.js'
import { RedisError } from '../../storage/redis.js'
import { wholeNumber } from '../options.js'
import { Failure, print, say, UsageError } from '../output.js'

type Options = {
  readonly workers: number
  readonly takeOverAfter: number
  readonly drain: boolean
  readonly json: boolean
}

const mostWorkers = 64

export const workCommand = (): Command =>
  new Command('work')
    .description(
      'folds events that a server publishes (APTUS_EVENTS=stream) into the online store, until it is stopped; on any machine that reaches Redis, as often as you like',
    )
    .option(
      '--workers <n>',
      'so many in this process: they hide the way to Redis, and share a core',
      wholeNumber(1, mostWorkers),
      1,
    )
    .option('--take-over-after <seconds>', 'takes over what another worker left so long', wholeNumber(1, 86_400), 30)
    .option('--drain', 'ends once nothing is left', false)
    .option('--json', 'one JSON document on stdout and nothing else there', false)
    .action(async ({ workers, takeOverAfter, drain, json }: Options) => {
      const { redisUrl, events } = readConfiguration(process.env)
      if (redisUrl === null || events !== 'stream')
        throw new UsageError('workers want APTUS_REDIS_URL and APTUS_EVENTS=stream, as the server has them')
      let isStopped = false
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => (isStopped = true))
      const options = {
        takeOverMs: takeOverAfter * 1_000,
        drain,
        stopped: () => isStopped,
        troubled: (error: RedisError) => say(`${error.message}; going on`),
      }
      const run = async (number: number): Promise<number> => {
        const stream = await openStoreEvents(redisUrl)
        try {
          return await runWorker(stream, { ...options, name: `${hostname()}-${process.pid}-${number}` })
        } finally {
          await stream.close()
        }
      }
      if (!drain) say(`folding events, ${workers} at once`)
      const folded = await Promise.all(Array.from({ length: workers }, (_, n) => run(n))).catch((error: unknown) => {
        throw error instanceof RedisError ? new Failure(error.message) : error
      })
      const all = folded.reduce((sum, each) => sum + each, 0)
      print(json, { folded: all }, () => `${all} events folded`)
    })
