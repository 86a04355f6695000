/** Means and standard deviations of columns over their known values. */
export type Scaling = {
  /** [f] */
  readonly means: Float32Array
  /** [f] 0 for a column that is never known or does not vary: it is left out (engine/model/investorInput.ts). */
  readonly scales: Float32Array
}

/** rows: matrices [n, f] of raw values, NaN for a missing one, taken together. */
export function scalingOf(rows: readonly Float32Array[], width: number): Scaling {
  const means = new Float32Array(width)
  const scales = new Float32Array(width)
  for (let column = 0; column < width; column++) {
    let count = 0
    let sum = 0
    let squares = 0
    for (const values of rows)
      for (let at = column; at < values.length; at += width) {
        const value = values[at]!
        if (Number.isNaN(value)) continue
        count++
        sum += value
        squares += value * value
      }
    const mean = count === 0 ? 0 : sum / count
    const variance = count === 0 ? 0 : squares / count - mean * mean
    means[column] = mean
    // Below this a column is constant but for rounding.
    scales[column] = variance > 1e-9 * (1 + mean * mean) ? Math.sqrt(variance) : 0
  }
  return { means, scales }
}
