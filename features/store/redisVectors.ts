import { type Redis } from '../../storage/redis.js'
import { storedFeatures } from '../definitions/catalogue.js'
import { type InvestorId } from '../schema/ids.js'
import { decodeState } from './codec.js'
import { type InvestorStore } from './port.js'
import { accountOf } from './state.js'
import { packedValue, unpacked, withPacked } from './packedVector.js'
import { stateBytes, type Stamp, vectorIn } from './vectorValue.js'

/** What a feature is where nothing is known of an investor. */
const absent = Float32Array.from(storedFeatures, (feature) => feature.default ?? Number.NaN)

/** The state's bytes of a value that may begin with a vector. */
export const withoutVector = (value: Uint8Array): Uint8Array => stateBytes(value, storedFeatures.length)

const kept = (value: Uint8Array, stamp: Stamp): Float32Array | null =>
  value[0] === withPacked ? unpacked(value, stamp, absent) : vectorIn(value, stamp)

/**
 * Materialised vectors before the states in Redis, packed, so that a read of the features is one GET and a walk over some
 * seventy bytes. Values with plain vectors are read too.
 * A vector is written only where nobody wrote meanwhile; whoever writes the state drops it.
 */
export const redisVectors = (
  redis: Redis,
  keyOf: (id: InvestorId) => string,
  ttlMs: number | undefined,
): Pick<InvestorStore, 'vector' | 'materialise'> => ({
  vector: (id, stamp) => redis.get(keyOf(id)).then((value) => (value === null ? null : kept(value, stamp))),
  materialise: async (ids, stamp, vectorOf) => {
    const values = await redis.getMany(ids.map(keyOf))
    const swapped = await Promise.all(
      ids.map(async (id, n) => {
        const was = values[n] ?? null
        const state = was === null ? null : withoutVector(was)
        const account = state === null ? null : accountOf(decodeState(state, id))
        if (state === null || account === null) return false
        return redis.swap(keyOf(id), was, packedValue(stamp, vectorOf(account), absent, state), ttlMs)
      }),
    )
    return swapped.filter(Boolean).length
  },
})
