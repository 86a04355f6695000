import { isDeepStrictEqual } from 'node:util'
import { join } from 'node:path'
import { traitsIn } from '../features/definitions/traits.js'
import { storedVector } from '../features/definitions/vectors.js'
import { type InvestorId } from '../features/schema/ids.js'
import { encodeState } from '../features/store/codec.js'
import { lmdbStore } from '../features/store/lmdb.js'
import { redisStore } from '../features/store/redis.js'
import { stateOf } from '../features/store/state.js'
import { valueWithVector } from '../features/store/vectorValue.js'
import { materialise, readVector, stampOf } from '../serving/storedVectors.js'
import { bareLmdb, bareRedis } from './bareClients.js'
import { type FeatureMarket } from './featureMarket.js'
import { type Read, type ReadCost, readCosts } from './readCosts.js'
import { type RedisServer } from './redisServer.js'

/** A prime: neighbours in the store are not read one after the other. */
const stride = 7919
const concurrencies = [1, 64]

export const asMaterialised = 'LMDB, serving: features as materialised'
export const fromRedis = 'Redis, serving: features computed from the account'

export type ReadRow = { readonly read: string; readonly 'at once': number } & ReadCost

/** `bare` first: it is measured beside itself too, which tells how far from 1 the noise alone comes. */
export async function rowsOf(
  bare: Read,
  ways: Readonly<Record<string, Read>>,
  rounds: number,
): Promise<readonly ReadRow[]> {
  const rows: ReadRow[] = []
  for (const atOnce of concurrencies)
    for (const [read, way] of Object.entries(ways))
      rows.push({ read, 'at once': atOnce, ...(await readCosts(bare, way, { rounds, atOnce })) })
  return rows
}

/** A read that brings nothing, or something else than the account gives, would be measured for nothing. */
export async function check(
  market: FeatureMarket,
  read: (id: InvestorId) => Promise<Float32Array | null>,
): Promise<void> {
  const traits = traitsIn(market.catalogue)
  for (const account of market.accounts.slice(0, 200))
    if (!isDeepStrictEqual(await read(account.profile.id), storedVector(account, market.at, traits)))
      throw new Error(`${account.profile.id}: the vector that was read is not the one that his account gives`)
}

export const chooser =
  <T>(of: readonly T[]) =>
  (n: number): T =>
    of[(n * stride) % of.length] as T

/** From LMDB, beside the package's own `get` of the same bytes in a database of its own. */
export async function lmdbReads(dir: string, market: FeatureMarket, rounds: number): Promise<readonly ReadRow[]> {
  const { accounts, catalogue, at } = market
  const [stamp, traits] = [stampOf(catalogue, at), traitsIn(catalogue)]
  const id = chooser(accounts.map(({ profile }) => profile.id))
  const store = await lmdbStore(join(dir, 'store'))
  const notMaterialised = await lmdbStore(join(dir, 'accounts'))
  await store.putAccounts(accounts)
  await notMaterialised.putAccounts(accounts)
  const { made } = await materialise(store, catalogue, at, { dryRun: false })
  if (made !== accounts.length) throw new Error(`feature reads: ${made} of ${accounts.length} vectors were made`)
  const bare = await bareLmdb(
    join(dir, 'bare'),
    accounts.map((account) => {
      const value = valueWithVector(stamp, storedVector(account, at, traits), encodeState(stateOf(account)))
      return [account.profile.id, value] as const
    }),
  )
  try {
    await check(market, (one) => store.vector(one, stamp))
    await check(market, (one) => readVector(notMaterialised, catalogue, one, at))
    const ways: Readonly<Record<string, Read>> = {
      'LMDB, bare client: get': (n) => bare.get(id(n)),
      'LMDB, store: features as materialised, without serving': (n) => store.vector(id(n), stamp),
      [asMaterialised]: (n) => readVector(store, catalogue, id(n), at),
      'LMDB, serving: features computed from the account': (n) => readVector(notMaterialised, catalogue, id(n), at),
    }
    return await rowsOf((n) => bare.get(id(n)), ways, rounds)
  } finally {
    await bare.close()
    await notMaterialised.close()
    await store.close()
  }
}

/** From Redis, where vectors are computed, beside the package's own GET of the same keys. */
export async function redisReads(
  server: RedisServer,
  market: FeatureMarket,
  rounds: number,
): Promise<readonly ReadRow[]> {
  const { accounts, catalogue, at } = market
  const id = chooser(accounts.map(({ profile }) => profile.id))
  const key = chooser(accounts.map(({ profile }) => `aptus:{${profile.id}}:investor`))
  const store = await redisStore(server.url)
  const bare = await bareRedis(server.port)
  try {
    await store.putAccounts(accounts)
    await check(market, (one) => readVector(store, catalogue, one, at))
    if ((await bare.get(key(0))) === null) throw new Error('feature reads: the store has other keys in Redis')
    const ways: Readonly<Record<string, Read>> = {
      'Redis, bare client: GET': (n) => bare.get(key(n)),
      'Redis, store: the account alone': (n) => store.account(id(n)),
      [fromRedis]: (n) => readVector(store, catalogue, id(n), at),
    }
    return await rowsOf((n) => bare.get(key(n)), ways, rounds)
  } finally {
    await bare.close()
    await store.close()
  }
}
