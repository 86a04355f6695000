import { type InvestorId } from '../features/schema/ids.js'
import { type SharedLock, sharedLock } from '../storage/sharedLock.js'

/**
 * A lock a person, or another key: his decisions and profiles run together, his erasure alone, so that no decision that read him before
 * records him after. Kept only while something runs.
 */
export function personLocks<Key extends string = InvestorId>() {
  const locks = new Map<Key, SharedLock>()
  const under = async <T>(key: Key, run: (lock: SharedLock) => Promise<T>): Promise<T> => {
    const lock = locks.get(key) ?? sharedLock()
    locks.set(key, lock)
    try {
      return await run(lock)
    } finally {
      // The lock learns of the end a turn later than its caller.
      await Promise.resolve()
      if (lock.idle() && locks.get(key) === lock) locks.delete(key)
    }
  }
  const shared = <T>(key: Key, work: () => Promise<T>): Promise<T> => under(key, (lock) => lock.shared(work))
  return {
    shared,
    /** Of several persons, in the order given: it has to be the same for all callers, or two wait for each other. */
    sharedAll: <T>(keys: readonly Key[], work: () => Promise<T>): Promise<T> =>
      keys.reduceRight((inner, key) => () => shared(key, inner), work)(),
    exclusive: <T>(key: Key, work: () => Promise<T>): Promise<T> => under(key, (lock) => lock.exclusive(work)),
  }
}
