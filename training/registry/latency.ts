import { type Release } from '../../engine/release.js'
import { exactSearch } from '../../engine/retrieval/exact.js'
import { retrieve } from '../../engine/retrieval/retrieve.js'
import { fullBits } from '../../engine/suitability/bitset.js'
import { randomFor } from '../../features/definitions/random.js'
import { type InvestorSnapshot } from '../../features/schema/records.js'
import { type Instant } from '../../features/schema/time.js'

/** Of the scan that a release is held against. */
const plainDimension = 64
const rounds = 5

/**
 * The median time to embed an investor and search all products for him, as a multiple of that of a plain scan of as many
 * products in 64 dimensions, measured in turns with it: another machine, or a busy one, slows both. Null without
 * investors or products. `clock` in ms.
 */
export function timesScanOf(
  release: Release,
  investors: readonly InvestorSnapshot[],
  at: Instant,
  clock: () => number,
): number | null {
  const n = release.vectors.productIds.length
  if (n === 0 || investors.length === 0) return null
  const mask = fullBits(n)
  const random = randomFor(1, 'plain-scan')
  const drawn = (length: number): Float32Array => Float32Array.from({ length }, () => random.uniform() - 0.5)
  const plain = { ...release.vectors, dimension: plainDimension, matrix: drawn(n * plainDimension) }
  const query = drawn(plainDimension)
  const { k } = release.manifest.thresholds
  const [served, scanned]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++)
    for (const investor of investors) {
      const from = clock()
      retrieve(release, investor, at, mask)
      const between = clock()
      exactSearch(plain, query, mask, k)
      served.push(between - from)
      scanned.push(clock() - between)
    }
  return median(served) / Math.max(median(scanned), 1e-6)
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
