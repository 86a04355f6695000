import { manyDots } from '../kernels/manyDots.js'

/** Vectors that are multiplied together. */
const atOnce = 128

/**
 * Scores [n] of each user, in their order, by what `scoresOf` makes of the dot products of his vector [d] with all rows
 * [n, d], which stand until the next user. On all cores; sums are in double precision, and differ from those of `dot` in
 * their last bits.
 */
export function* dotsOfMany<User, Scores>(
  rows: Float32Array,
  dimension: number,
  users: readonly User[],
  vectorOf: (user: User) => Float32Array,
  scoresOf: (user: User, dots: Float64Array) => Scores,
): Generator<{ readonly user: User; readonly scores: Scores }> {
  const n = rows.length / dimension
  const kernel = manyDots(rows, dimension, atOnce, users.length)
  try {
    for (let from = 0; from < users.length; from += atOnce) {
      const block = users.slice(from, from + atOnce)
      const vectors = new Float32Array(block.length * dimension)
      block.forEach((user, at) => vectors.set(vectorOf(user), at * dimension))
      const dots = kernel.of(vectors)
      for (const [at, user] of block.entries())
        yield { user, scores: scoresOf(user, dots.subarray(at * kernel.stride, at * kernel.stride + n)) }
    }
  } finally {
    kernel.close()
  }
}
