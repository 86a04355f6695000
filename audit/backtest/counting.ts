import { type Affected, quantileShares } from './backtest.js'

/** Decisions, and the different investors (numbered) that they were made for. */
export class Counter {
  #decisions = 0
  readonly #investors = new Set<number>()

  add(investor: number): void {
    this.#decisions += 1
    this.#investors.add(investor)
  }

  get affected(): Affected {
    return { decisions: this.#decisions, investors: this.#investors.size }
  }
}

/** How often each whole number occurred. */
export class Histogram {
  readonly #counts = new Map<number, number>()
  #total = 0

  add(value: number): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1)
    this.#total += 1
  }

  /** The value below or at which each share lies (nearest rank), as of `quantileShares`; empty where nothing was added. */
  quantiles(): readonly number[] {
    if (this.#total === 0) return []
    const ascending = [...this.#counts].sort(([a], [b]) => a - b)
    return quantileShares.map((share) => {
      let left = Math.max(1, Math.ceil((share * this.#total) / 100))
      return ascending.find(([, count]) => (left -= count) <= 0)?.[0] ?? 0
    })
  }
}

/** The value under a key, made where there is none. */
export function at<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) map.set(key, (value = make()))
  return value
}
