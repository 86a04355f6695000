/**
 * Functions that give the same bits on every processor and Node version, for they are made of + − × ÷ and √ alone,
 * which IEEE 754 defines to the last bit. Math.exp and its like are not so defined. Errors are below 1e-12, relative.
 */

const ln2High = 0.69314718036912381649
const ln2Low = 1.90821492927058770002e-10

const powerOfTwo = Float64Array.from({ length: 2_100 }, () => 1)
for (let k = 1; k <= 1_023; k++) powerOfTwo[1_075 + k] = (powerOfTwo[1_074 + k] ?? 1) * 2
for (let k = 1; k <= 1_074; k++) powerOfTwo[1_075 - k] = (powerOfTwo[1_076 - k] ?? 1) / 2

/** 1/2! to 1/13!: what Taylor's series leaves out is below 1e-17 where |r| ≤ ln 2 / 2. */
const taylor = Array.from({ length: 12 }, (_, i) => {
  let factorial = 1
  for (let k = 2; k <= i + 2; k++) factorial *= k
  return 1 / factorial
}).reverse()

/** eˣ; infinite above 709.7, 0 below −745. x = k·ln 2 + r, then Taylor's series of r. */
export function exp(x: number): number {
  if (x > 709.78) return Number.POSITIVE_INFINITY
  if (x < -745.2) return 0
  if (Number.isNaN(x)) return x
  const k = Math.round(x / Math.LN2)
  const r = x - k * ln2High - k * ln2Low
  let sum = 0
  for (const coefficient of taylor) sum = sum * r + coefficient
  const value = 1 + r + r * r * sum
  // In two steps, for 2¹⁰²⁴ itself is no number.
  return k > 1_023 ? value * 2 * (powerOfTwo[1_074 + k] ?? 0) : value * (powerOfTwo[1_075 + k] ?? 0)
}

/** Natural logarithm; −∞ of 0, NaN below. x = m·2ᵏ with √½ ≤ m < √2, then 2·artanh((m − 1) / (m + 1)). */
export function log(x: number): number {
  if (!(x >= 0) || x === Number.POSITIVE_INFINITY) return x >= 0 ? x : Number.NaN
  if (x === 0) return Number.NEGATIVE_INFINITY
  // Below 2⁻¹⁰²² a number has fewer digits, and more than 1,023 halvings of 1 lie between.
  if (x < 2.3e-308) return log(x * 1_152_921_504_606_846_976) - 60 * Math.LN2
  let m = x
  let k = 0
  // The largest halving first: at most ten steps whatever x is.
  for (let step = 512; step >= 1; step /= 2) {
    const power = powerOfTwo[1_075 + step] ?? 1
    if (m >= power) {
      m /= power
      k += step
    } else if (m * power < 2) {
      m *= power
      k -= step
    }
  }
  if (m > Math.SQRT2) {
    m /= 2
    k += 1
  }
  const s = (m - 1) / (m + 1)
  const square = s * s
  let sum = 0
  for (let n = 25; n >= 3; n -= 2) sum = (sum + 1 / n) * square
  return k * ln2High + (k * ln2Low + 2 * s * (1 + sum))
}

/** 1 / (1 + e⁻ˣ), 0 to 1. */
export const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + exp(-x)) : 1 - 1 / (1 + exp(x)))

const polynomial = (coefficients: readonly number[], x: number): number => {
  let sum = 0
  for (const coefficient of coefficients) sum = sum * x + coefficient
  return sum
}

/** Numerators and denominators of AS241 (PPND16), highest power first. */
const centre = [
  [
    2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457, 13731.693765509461125,
    1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
  ],
  [
    5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867, 5394.1960214247511077,
    687.1870074920579083, 42.313330701600911252, 1,
  ],
] as const
const middle = [
  [
    7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
    3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
  ],
  [
    1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
    0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1,
  ],
] as const
const tail = [
  [
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
    0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
  ],
  [
    2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
    0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1,
  ],
] as const

/**
 * The standard normal's quantile of p in (0, 1): algorithm AS241, PPND16 (Wichura 1988, Applied Statistics 37:477),
 * about 16 digits. Of a uniform p it makes a normal number. ∓∞ at 0 and 1.
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q
    return (q * polynomial(centre[0], r)) / polynomial(centre[1], r)
  }
  const r = Math.sqrt(-log(q < 0 ? p : 1 - p))
  if (r === Number.POSITIVE_INFINITY) return q < 0 ? -r : r
  const [numerator, denominator] = r <= 5 ? middle : tail
  const shifted = r <= 5 ? r - 1.6 : r - 5
  const value = polynomial(numerator, shifted) / polynomial(denominator, shifted)
  return q < 0 ? -value : value
}
