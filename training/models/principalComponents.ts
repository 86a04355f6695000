import { EigenvalueDecomposition, Matrix } from 'ml-matrix'

export type PrincipalComponents = {
  /** [n, d] the rows, centred, in the axes of greatest variance. */
  readonly projected: Matrix
  /** Share of the variance that the d axes keep, 0 to 1; 1 where there is none. */
  readonly explained: number
}

/**
 * Principal component analysis (Pearson 1901) by the eigenvectors of the covariance, decomposed by ml-matrix. Each
 * axis is turned so that its greatest component is positive: an eigenvector's sign is arbitrary, the bytes are not.
 * rows: [n, f], n ≥ 1; `dimension` ≤ f.
 */
export function principalComponents(rows: Matrix, dimension: number): PrincipalComponents {
  const centred = Matrix.sub(rows, Matrix.ones(rows.rows, 1).mmul(Matrix.rowVector(rows.mean('column'))))
  const covariance = centred.transpose().mmul(centred).div(rows.rows)
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true })
  const order = realEigenvalues.map((_, axis) => axis).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!)
  const kept = order.slice(0, dimension)
  const axes = Matrix.zeros(rows.columns, kept.length)
  kept.forEach((axis, column) => axes.setColumn(column, oriented(eigenvectorMatrix.getColumn(axis))))
  const variance = (which: readonly number[]): number =>
    which.reduce((sum, axis) => sum + Math.max(0, realEigenvalues[axis]!), 0)
  const total = variance(order)
  return { projected: centred.mmul(axes), explained: total > 0 ? variance(kept) / total : 1 }
}

function oriented(axis: readonly number[]): number[] {
  const greatest = axis.reduce((best, value) => (Math.abs(value) > Math.abs(best) + 1e-12 ? value : best), 0)
  return axis.map((value) => (greatest < 0 ? -value : value))
}
