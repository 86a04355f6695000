import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storedFeatures } from '../features/definitions/catalogue.js'
import { bytesInRedis, codecBytes } from './featureBytes.js'
import { featureMarket } from './featureMarket.js'
import { lmdbReads, redisReads } from './featureReads.js'
import { startRedis } from './redisServer.js'
import { report } from './suite.js'

const market = { investors: 5000, days: 730, endDay: '2026-05-08' } as const
const rounds = 25
const notRun = 'not run: no redis-server is installed'

/** What a read of an investor's features costs beside the bare client, and what an investor takes in Redis. */
export async function featureStore(investors: number): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'aptus-features-'))
  const server = await startRedis()
  try {
    const made = await featureMarket(market.investors, market.days, market.endDay)
    const reads = [
      ...(await lmdbReads(dir, made, rounds)),
      ...(server === null ? [] : await redisReads(server, made, rounds)),
    ]
    const bytes = server === null ? null : await bytesInRedis(server, made.accounts, investors)
    report('feature-store', {
      question: `What does a read of one investor's ${storedFeatures.length} features cost, and what does he take in Redis?`,
      baseline: 'the bare client’s get of the same bytes, CPU of this process, in rounds by turns',
      n: `${rounds} rounds of 1,000 reads of ${made.accounts.length} simulated investors of two years; the median of the rounds' ratios; ${server === null ? 0 : investors} investors in Redis`,
      rows: [...reads, ...codecBytes(made.accounts), ...(bytes === null ? [] : [bytes])],
      remarks: [
        'LMDB is read synchronously: what 64 at once wait for is the 63 others.',
        ...(server === null ? [`Redis: ${notRun}`] : []),
      ],
    })
  } finally {
    await server?.stop()
    await rm(dir, { recursive: true, force: true })
  }
}
