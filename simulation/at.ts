/** The value at an index that must be there; a RangeError where it is not, for then the simulation has a bug. */
export function at<T>(values: ArrayLike<T>, index: number): T {
  const value = values[index]
  if (value === undefined) throw new RangeError(`simulation: no value at ${index} of ${values.length}; this is a bug`)
  return value
}

/** A new vector of `length` numbers, each made by `make`. */
export const vector = (length: number, make: (index: number) => number): Float64Array =>
  Float64Array.from({ length }, (_, index) => make(index))

/** Index of the first sum above `target` (ascending sums); the last where there is none. */
export function indexOfSum(sums: Float64Array, target: number): number {
  let low = 0
  let high = sums.length - 1
  while (low < high) {
    const half = (low + high) >>> 1
    if ((sums[half] ?? 0) > target) high = half
    else low = half + 1
  }
  return low
}
