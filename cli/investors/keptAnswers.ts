import { join } from 'node:path'
import { answersFolder } from '../../serving/home.js'
import { createIdempotency, type Idempotency } from '../../serving/http/idempotency.js'
import { lmdbIdempotency } from '../../serving/http/idempotencyLmdb.js'
import { openForgettingLmdb } from '../../storage/forgettingLmdb.js'

/** The answers that a server keeps for repeated requests, while the data directory is this command's. */
export async function withAnswers<T>(data: string, work: (answers: Idempotency) => Promise<T>): Promise<T> {
  const answers = createIdempotency(lmdbIdempotency(await openForgettingLmdb(join(data, answersFolder))))
  try {
    return await work(answers)
  } finally {
    await answers.close()
  }
}
