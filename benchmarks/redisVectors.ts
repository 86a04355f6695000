import { traitsIn } from '../features/definitions/traits.js'
import { storedVector } from '../features/definitions/vectors.js'
import { type InvestorAccount } from '../features/schema/records.js'
import { redisStore } from '../features/store/redis.js'
import { materialise, readVector, stampOf } from '../serving/storedVectors.js'
import { bareRedis } from './bareClients.js'
import { bytesInRedis } from './featureBytes.js'
import { type FeatureMarket, featureMarket } from './featureMarket.js'
import { check, chooser, fromRedis, type ReadRow, rowsOf } from './featureReads.js'
import { type RedisServer, startRedis } from './redisServer.js'
import { report } from './suite.js'

const market = { investors: 5000, days: 730, endDay: '2026-05-08' } as const
const rounds = 25

async function reads(server: RedisServer, made: FeatureMarket): Promise<readonly ReadRow[]> {
  const { accounts, catalogue, at } = made
  const id = chooser(accounts.map(({ profile }) => profile.id))
  const key = chooser(accounts.map(({ profile }) => `aptus:{${profile.id}}:investor`))
  const store = await redisStore(server.url, { vectors: true, limits: { readMs: 60_000, writeMs: 60_000 } })
  const bare = await bareRedis(server.port)
  const gathering = await bareRedis(server.port, { enableAutoPipelining: true })
  const read = (n: number): Promise<Float32Array | null> => readVector(store, catalogue, id(n), at)
  try {
    await store.putAccounts(accounts)
    const computed = await rowsOf((n) => bare.get(key(n)), { [fromRedis]: read }, rounds)
    const { made: vectors } = await materialise(store, catalogue, at, { dryRun: false })
    if (vectors !== accounts.length) throw new Error(`redis vectors: ${vectors} of ${accounts.length} were made`)
    await check(made, (one) => store.vector(one, stampOf(catalogue, at)))
    const ways = {
      'Redis, bare client: GET of vector and state': (n: number) => bare.get(key(n)),
      'Redis, bare client that gathers its commands: the same GET': (n: number) => gathering.get(key(n)),
      'Redis, serving: features as materialised': read,
    }
    return [...computed, ...(await rowsOf((n) => bare.get(key(n)), ways, rounds))]
  } finally {
    await bare.close()
    await gathering.close()
    await store.close()
  }
}

/** What a read costs where Redis keeps materialised vectors, and what that costs of its memory. */
export async function redisVectors(investors: number): Promise<void> {
  const server = await startRedis()
  if (server === null) throw new Error('redis vectors: no redis-server is installed')
  try {
    const made = await featureMarket(market.investors, market.days, market.endDay)
    const { accounts, catalogue, at } = made
    const traits = traitsIn(catalogue)
    const vectorOf = (account: InvestorAccount): Float32Array => storedVector(account, at, traits)
    const rows = await reads(server, made)
    report('redis-vectors', {
      question:
        'What does a read of the stored features from Redis cost with their vectors kept there, and what memory?',
      baseline: 'the bare client’s GET of the same keys, CPU of this process, in rounds by turns',
      n: `${rounds} rounds of 1,000 reads of ${accounts.length} simulated investors of two years, medians of the rounds' ratios`,
      rows: [
        ...rows,
        { vectors: 'off', ...(await bytesInRedis(server, accounts, investors)) },
        {
          vectors: 'on',
          ...(await bytesInRedis(server, accounts, investors, { stamp: stampOf(catalogue, at), vectorOf })),
        },
      ],
      remarks: ['Computed from the account with vectors on: a GET that finds no vector, then one for the account.'],
    })
  } finally {
    await server.stop()
  }
}
