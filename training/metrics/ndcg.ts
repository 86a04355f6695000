/**
 * Normalised discounted cumulative gain of binary relevance (Järvelin and Kekäläinen 2002, ACM TOIS 20(4)):
 *
 *   DCG@k = Σ_{r=1..k} [shown_r relevant] / log₂(r + 1),   nDCG@k = DCG@k / DCG@k of min(k, |relevant|) hits on top.
 *
 * `shown` is best first and without repeats; an empty one scores 0. In [0, 1], higher is better.
 * Throws a RangeError where nothing is relevant: such a user has no value, and the caller leaves him out of the mean.
 */
export function ndcg<Id>(shown: readonly Id[], relevant: ReadonlySet<Id>, k: number): number {
  if (relevant.size === 0) throw new RangeError('ndcg: nothing is relevant; leave this user out of the mean')
  let gain = 0
  for (let rank = 1; rank <= Math.min(k, shown.length); rank++)
    if (relevant.has(shown[rank - 1]!)) gain += 1 / Math.log2(rank + 1)
  let ideal = 0
  for (let rank = 1; rank <= Math.min(k, relevant.size); rank++) ideal += 1 / Math.log2(rank + 1)
  return gain / ideal
}
