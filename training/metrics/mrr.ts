/**
 * Reciprocal rank of the first hit among the first k shown, of which the mean over users is the MRR@k (Voorhees 1999,
 * The TREC-8 question answering track report): 1 / r for the first relevant at rank r ≤ k, and 0 where none is.
 *
 * `shown` is best first; an empty one scores 0. In [0, 1], higher is better.
 * Throws a RangeError where nothing is relevant: such a user has no value, and the caller leaves him out of the mean.
 */
export function reciprocalRank<Id>(shown: readonly Id[], relevant: ReadonlySet<Id>, k: number): number {
  if (relevant.size === 0) throw new RangeError('reciprocal rank: nothing is relevant; leave this user out of the mean')
  const first = shown.slice(0, k).findIndex((id) => relevant.has(id))
  return first < 0 ? 0 : 1 / (first + 1)
}
