import { type Bucket } from '../simulation/policy.js'

/** What might be shown: products that suit, and with which weights the logging policy draws them: how well known each is. */
export type Candidates = { readonly ordinals: Int32Array; readonly weights: Float64Array }

/** logged: [n] weights of the logging policy; isKnown: whether he viewed or bought something of the company → [n]. */
export type TargetPolicy = (logged: Float64Array, isKnown: readonly boolean[]) => Float64Array

export function candidatesOf(suitable: readonly Bucket[]): Candidates {
  const n = suitable.reduce((sum, bucket) => sum + bucket.ordinals.length, 0)
  const [ordinals, weights] = [new Int32Array(n), new Float64Array(n)]
  let begin = 0
  for (const bucket of suitable) {
    ordinals.set(bucket.ordinals, begin)
    bucket.sums.forEach((sum, i) => (weights[begin + i] = sum - (i === 0 ? 0 : (bucket.sums[i - 1] ?? 0))))
    begin += bucket.ordinals.length
  }
  return { ordinals, weights }
}

/** From the logging policy itself to such as it hardly covers; all draw without replacement, by these weights. */
export const targetPolicies = {
  'as logged': (logged) => logged,
  personal: (logged, isKnown) => logged.map((weight, i) => (isKnown[i] === true ? 3 * weight : weight)),
  'less by fame': (logged) => logged.map(Math.sqrt),
  'more by fame': (logged) => logged.map((weight) => weight ** 1.4),
  'by chance': (logged) => logged.map(() => 1),
} as const satisfies Readonly<Record<string, TargetPolicy>>
export type TargetName = keyof typeof targetPolicies
