/** A small seeded generator of its own, so that the example data stay the same whatever the project's becomes. */
export class Random {
  #state: number
  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** Uniform in [0, 1): mulberry32. */
  uniform(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }

  /** Whole, from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.uniform() * (high - low + 1))
  }

  /** Mean 0, variance 1, nearly normal: twelve uniforms, so that no logarithm's last bit can differ. */
  normal(): number {
    let sum = -6
    for (let i = 0; i < 12; i++) sum += this.uniform()
    return sum
  }

  /** One of a list; a `lean` above 1 prefers its beginning. */
  pick<T>(list: readonly T[], lean = 1): T {
    let u = this.uniform()
    for (let i = 1; i < lean; i++) u = Math.min(u, this.uniform())
    const picked = list[Math.floor(u * list.length)]
    if (picked === undefined) throw new RangeError('pick: the list is empty; want at least one entry')
    return picked
  }
}
