/**
 * 1 where any of the first k shown is relevant, else 0; the mean over users is the hit rate HR@k (Deshpande and Karypis
 * 2004, ACM TOIS 22(1), there with one relevant item a user).
 *
 * An empty slate scores 0. Higher is better.
 * Throws a RangeError where nothing is relevant: such a user has no value, and the caller leaves him out of the mean.
 */
export function isHit<Id>(shown: readonly Id[], relevant: ReadonlySet<Id>, k: number): number {
  if (relevant.size === 0) throw new RangeError('hit rate: nothing is relevant; leave this user out of the mean')
  return shown.slice(0, k).some((id) => relevant.has(id)) ? 1 : 0
}
