import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storedFeatures } from '../features/definitions/catalogue.js'
import { feastHistorical, feastOnline, feastPython, type FeastSize } from './feast.js'
import { bytesInRedis, codecBytes } from './featureBytes.js'
import { type FeatureMarket, featureMarket } from './featureMarket.js'
import { asMaterialised, fromRedis, lmdbReads, type ReadRow, redisReads } from './featureReads.js'
import { type RedisServer, startRedis } from './redisServer.js'
import { report } from './suite.js'

export type FeatureStoreSize = { readonly investors: number; readonly feast: FeastSize }

const market = { investors: 5000, days: 730, endDay: '2026-05-08' } as const
const rounds = 25

const notRun = {
  redis: 'Redis: not run, no redis-server is installed.',
  feast: 'Feast: not run, APTUS_FEAST_PYTHON names no Python that has it.',
}

const feastRows = async (
  dir: string,
  made: FeatureMarket,
  server: RedisServer | null,
  { size, reads }: { readonly size: FeastSize; readonly reads: readonly ReadRow[] },
): Promise<readonly object[]> => {
  const python = feastPython()
  if (python === null) return []
  const secondsOf = (name: string): number =>
    (reads.find(({ read, 'at once': atOnce }) => read === name && atOnce === 1)?.['CPU µs'] ?? Number.NaN) / 1e6
  const ours = new Map([
    ['SQLite', secondsOf(asMaterialised)],
    ['Redis', secondsOf(fromRedis)],
  ])
  const online = await feastOnline(python, dir, { market: made, server, reads: size.reads, ours })
  return [...online, ...(await feastHistorical(python, dir, made, size))]
}

/** What a read of an investor's features costs beside the bare client and Feast, and what an investor takes in Redis. */
export async function featureStore({ investors, feast }: FeatureStoreSize): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'aptus-features-'))
  const server = await startRedis()
  try {
    const made = await featureMarket(market.investors, market.days, market.endDay)
    const reads = [
      ...(await lmdbReads(dir, made, rounds)),
      ...(server === null ? [] : await redisReads(server, made, rounds)),
    ]
    const beside = await feastRows(dir, made, server, { size: feast, reads })
    const bytes = server === null ? [] : [await bytesInRedis(server, made.accounts, investors)]
    report('feature-store', {
      question: `What does a read of one investor's ${storedFeatures.length} features cost, and what does he take in Redis?`,
      baseline: 'the bare client’s get of the same bytes, CPU of this process, in rounds by turns',
      n: `${rounds} rounds of 1,000 reads of ${made.accounts.length} simulated investors of two years, medians of the rounds' ratios`,
      rows: [...reads, ...beside, ...codecBytes(made.accounts), ...bytes],
      remarks: [
        'Each bare client beside itself shows the noise. LMDB is read synchronously: what 64 at once wait for is the 63 others.',
        'Feast beside ours: its SQLite beside LMDB as materialised, its Redis beside ours computed from the account. Its join takes rows as they were after the last fact; history.rows has them as of the instant, from the facts.',
        ...(server === null ? [notRun.redis] : []),
        ...(feastPython() === null ? [notRun.feast] : []),
      ],
    })
    for (const each of [server === null ? notRun.redis : '', feastPython() === null ? notRun.feast : ''])
      if (each !== '') console.error(each)
  } finally {
    await server?.stop()
    await rm(dir, { recursive: true, force: true })
  }
}
