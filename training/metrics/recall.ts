/**
 * Recall@k = |top k of shown ∩ relevant| / |relevant|. The divisor is not capped at k, as in the published figures for
 * Gowalla and FAR-Trans, so that a user with more than k relevant items cannot reach 1.
 *
 * `shown` is best first and without repeats; an empty one scores 0. In [0, 1], higher is better.
 * Throws a RangeError where nothing is relevant: such a user has no value, and the caller leaves him out of the mean.
 */
export function recall<Id>(shown: readonly Id[], relevant: ReadonlySet<Id>, k: number): number {
  if (relevant.size === 0) throw new RangeError('recall: nothing is relevant; leave this user out of the mean')
  let hits = 0
  for (let rank = 0; rank < Math.min(k, shown.length); rank++) if (relevant.has(shown[rank]!)) hits++
  return hits / relevant.size
}
