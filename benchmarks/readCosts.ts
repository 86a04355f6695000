import { rounded } from './suite.js'

/** Reads the n-th of the keys; what it gives is awaited, a promise or not. */
export type Read = (n: number) => unknown

export type ReadCost = {
  readonly 'CPU µs': number
  /** To the baseline: the median over the rounds of the ratio within one. */
  readonly ratio: number
  readonly 'p50 ms': number
  readonly 'p99 ms': number
}

const readsEach = 1000

const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN

async function readers(atOnce: number, from: number, readOne: (n: number) => Promise<void>): Promise<void> {
  let next = from
  const reader = async (): Promise<void> => {
    while (next < from + readsEach) await readOne(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, reader))
}

/** CPU µs a read of this process, its threads included. */
async function cpuOf(read: Read, from: number, atOnce: number): Promise<number> {
  const before = process.cpuUsage()
  await readers(atOnce, from, async (n) => {
    await read(n)
  })
  const { user, system } = process.cpuUsage(before)
  return (user + system) / readsEach
}

async function waitsOf(read: Read, from: number, atOnce: number): Promise<readonly number[]> {
  const waits: number[] = []
  await readers(atOnce, from, async (n) => {
    const began = performance.now()
    await read(n)
    waits.push(performance.now() - began)
  })
  return waits
}

/**
 * What reads cost, so many at once, beside a baseline: rounds of 1,000 reads of each of the two, which comes first by
 * turns, since each leaves its garbage to the next. The waits are those of other reads than the CPU time's.
 */
export async function readCosts(
  baseline: Read,
  read: Read,
  { rounds, atOnce }: { readonly rounds: number; readonly atOnce: number },
): Promise<ReadCost> {
  const [costs, ratios, waits]: [number[], number[], number[]] = [[], [], []]
  for (let number = 0; number <= rounds; number += 1) {
    const order = number % 2 === 0 ? [baseline, read] : [read, baseline]
    const measured: number[] = []
    for (const one of order) measured.push(await cpuOf(one, number * readsEach, atOnce))
    const [base = Number.NaN, own = Number.NaN] = number % 2 === 0 ? measured : measured.reverse()
    const waited = await waitsOf(read, number * readsEach, atOnce)
    // The first of the rounds warms up.
    if (number === 0) continue
    costs.push(own)
    ratios.push(own / base)
    for (const wait of waited) waits.push(wait)
  }
  return {
    'CPU µs': rounded(quantile(costs, 0.5)),
    ratio: rounded(quantile(ratios, 0.5)),
    'p50 ms': rounded(quantile(waits, 0.5), 4),
    'p99 ms': rounded(quantile(waits, 0.99), 4),
  }
}
