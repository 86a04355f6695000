import { batchSize } from './sink.js'

/** Hands records on in batches of at most `batchSize`, and waits for each; returns how many there were. */
export async function inBatches<T>(
  chunks: AsyncIterable<readonly T[]> | Iterable<readonly T[]>,
  take: (batch: readonly T[]) => Promise<void>,
): Promise<number> {
  let count = 0
  let batch: T[] = []
  for await (const chunk of chunks) {
    for (const one of chunk) {
      count++
      if (batch.push(one) < batchSize) continue
      await take(batch)
      batch = []
    }
  }
  if (batch.length > 0) await take(batch)
  return count
}
