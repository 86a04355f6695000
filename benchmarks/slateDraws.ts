import { type Random } from '../features/definitions/random.js'
import { indexOfSum } from '../simulation/at.js'

/** places: indices of candidates by rank → with which probability each is drawn, given those above it. */
export function drawProbabilities(weights: Float64Array, places: readonly number[]): number[] {
  let left = sumOf(weights)
  return places.map((place) => {
    const weight = weights[place] ?? 0
    const probability = Math.min(1, weight / left)
    left -= weight
    return probability
  })
}

/**
 * [size] the expected `worth` of what stands at each rank when candidates are drawn without replacement in proportion to
 * their weights. What stands above is drawn, `draws` times; given that, the expectation is exact, so that of rank 1 is.
 */
export function expectedWorth(
  weights: Float64Array,
  worth: Float64Array,
  size: number,
  draws: number,
  random: Random,
): Float64Array {
  const sums = runningSums(weights)
  const [all, allWorth] = [sums.at(-1) ?? 0, weights.reduce((sum, weight, i) => sum + weight * (worth[i] ?? 0), 0)]
  const means = new Float64Array(size)
  for (let draw = 0; draw < draws; draw++) {
    let [left, leftWorth] = [all, allWorth]
    const above = new Set<number>()
    for (let rank = 0; rank < Math.min(size, weights.length); rank++) {
      means[rank] = (means[rank] ?? 0) + leftWorth / left / draws
      let place = indexOfSum(sums, random.uniform() * all)
      while (above.has(place)) place = indexOfSum(sums, random.uniform() * all)
      above.add(place)
      left -= weights[place] ?? 0
      leftWorth -= (weights[place] ?? 0) * (worth[place] ?? 0)
    }
  }
  return means
}

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0)

function runningSums(weights: Float64Array): Float64Array {
  let sum = 0
  return weights.map((weight) => (sum += weight))
}
