import { solveCholesky } from '../../../engine/model/foldIn.js'

/** Lists of candidates: list l holds rows starts[l] … starts[l + 1) of `values` [rows, features]. */
export type Lists = {
  readonly features: number
  readonly values: Float32Array
  readonly starts: Int32Array
  /** [rows] 1 for what was bought; each list holds at least one. */
  readonly labels: Uint8Array
}

const mostSteps = 30

/**
 * Weights [features] of the linear ranker that minimise the listwise softmax cross entropy (ListNet with the top-one
 * probability: Cao, Qin, Liu, Tsai and Li 2007, "Learning to rank: from pairwise to listwise approach", ICML '07)
 *
 *   −Σ_l g_l Σ_c q_lc log softmax_l(v · x)_c / Σ_l g_l + l2/2 |v|²,
 *
 * x the features standardised over all rows, q_l spread evenly over what was bought, g_l = √min(3, bought): who bought
 * much counts more, but not as much more. The weights returned are those of the features as they are, v / deviation.
 * Newton's method with halved steps: the loss is convex, and there are few features. 0 throughout without lists.
 */
export function fitListwise(lists: Lists, l2: number): Float64Array {
  const f = lists.features
  const v = new Float64Array(f)
  if (lists.starts.length < 2) return v
  const { values, deviations } = standardised(lists)
  const given = { ...lists, values }
  let at = lossAt(given, v, l2)
  for (let step = 0; step < mostSteps; step++) {
    const direction = solveCholesky(at.hessian, at.gradient, f)
    const slope = direction.reduce((sum, value, k) => sum + value * at.gradient[k]!, 0)
    const next = lineSearch(given, v, direction, l2, at.loss, slope)
    if (next === null) break
    const gain = at.loss - next.loss
    at = next
    if (gain < 1e-8) break
  }
  return v.map((value, k) => value / deviations[k]!)
}

/** Moves `v` along −direction by the first of 1, ½, ¼ … that lowers the loss enough (Armijo); null where none does. */
function lineSearch(
  lists: Lists,
  v: Float64Array,
  direction: Float64Array,
  l2: number,
  loss: number,
  slope: number,
): Loss | null {
  const from = v.slice()
  for (let size = 1; size > 1e-6; size /= 2) {
    for (let k = 0; k < v.length; k++) v[k] = from[k]! - size * direction[k]!
    const next = lossAt(lists, v, l2)
    if (next.loss <= loss - 1e-4 * size * slope) return next
  }
  v.set(from)
  return null
}

/** Columns with mean 0 and deviation 1 over all rows; one that does not vary becomes 0, its deviation 1. */
function standardised({ values, features: f }: Lists): { values: Float32Array; deviations: Float64Array } {
  const rows = values.length / f
  const [means, squares] = [new Float64Array(f), new Float64Array(f)]
  for (let at = 0; at < values.length; at++) means[at % f]! += values[at]! / rows
  for (let at = 0; at < values.length; at++) squares[at % f]! += (values[at]! - means[at % f]!) ** 2 / rows
  const deviations = squares.map((square) => (square > 1e-12 ? Math.sqrt(square) : 1))
  return { values: values.map((value, at) => (value - means[at % f]!) / deviations[at % f]!), deviations }
}

type Loss = { readonly loss: number; readonly gradient: Float64Array; readonly hessian: Float64Array }

/** Loss, gradient [f] and the lower triangle of the Hessian [f, f] at v. */
export function lossAt({ values, features: f, starts, labels }: Lists, v: Float64Array, l2: number): Loss {
  const gradient = new Float64Array(f)
  const hessian = new Float64Array(f * f)
  const mean = new Float64Array(f)
  let [loss, mass] = [0, 0]
  for (let list = 0; list + 1 < starts.length; list++) {
    const [from, to] = [starts[list]!, starts[list + 1]!]
    const { chances, logTotal, scores } = softmax(values, f, from, to, v)
    const bought = labels.subarray(from, to).reduce((sum, label) => sum + label, 0)
    const weight = Math.sqrt(Math.min(3, bought))
    mass += weight
    mean.fill(0)
    for (let row = from; row < to; row++) {
      const chance = chances[row - from]!
      const wanted = labels[row]! / bought
      if (wanted > 0) loss -= weight * wanted * (scores[row - from]! - logTotal)
      addRow(values, f, row, weight * chance, weight * (chance - wanted), chance, { gradient, hessian, mean })
    }
    for (let i = 0; i < f; i++) for (let j = 0; j <= i; j++) hessian[i * f + j]! -= weight * mean[i]! * mean[j]!
  }
  for (let i = 0; i < f; i++) {
    gradient[i] = gradient[i]! / mass + l2 * v[i]!
    for (let j = 0; j <= i; j++) hessian[i * f + j]! /= mass
    hessian[i * f + i]! += l2
    loss += (mass * l2 * v[i]! * v[i]!) / 2
  }
  return { loss: loss / mass, gradient, hessian }
}

type Sums = { readonly gradient: Float64Array; readonly hessian: Float64Array; readonly mean: Float64Array }

function addRow(
  values: Float32Array,
  f: number,
  row: number,
  curvature: number,
  pull: number,
  chance: number,
  sums: Sums,
): void {
  const at = row * f
  // What nearly cannot be chosen hardly bends the loss: the steps are as good, and take a third of the time.
  const flat = curvature < 1e-4
  for (let i = 0; i < f; i++) {
    const value = values[at + i]!
    sums.gradient[i]! += pull * value
    sums.mean[i]! += chance * value
    if (flat) continue
    const bent = curvature * value
    for (let j = 0; j <= i; j++) sums.hessian[i * f + j]! += bent * values[at + j]!
  }
}

function softmax(values: Float32Array, f: number, from: number, to: number, v: Float64Array) {
  const scores = new Float64Array(to - from)
  for (let row = from; row < to; row++) for (let k = 0; k < f; k++) scores[row - from]! += v[k]! * values[row * f + k]!
  const top = scores.reduce((a, b) => Math.max(a, b), -Infinity)
  const chances = scores.map((score) => Math.exp(score - top))
  const total = chances.reduce((a, b) => a + b, 0)
  return { scores, chances: chances.map((chance) => chance / total), logTotal: top + Math.log(total) }
}
