import { type ClassVector } from './classVector.js'

/**
 * The most recently used values under (parts of) class vectors, no more than `limit`. Two vectors of one hash displace
 * each other: it forgets, and never mistakes.
 */
export class Recent<T> {
  readonly #kept = new Map<number, { readonly vector: Int32Array; readonly value: T }>()
  constructor(readonly limit: number) {}

  get size(): number {
    return this.#kept.size
  }

  /** The value under the numbers of `vector` from `start` to `end`, made where it is not kept. */
  at(vector: ClassVector, start: number, end: number, make: () => T): T {
    const hash = vector.hash(start, end)
    const kept = this.#kept.get(hash)
    const found = kept !== undefined && vector.equals(kept.vector, start, end) ? kept : null
    const entry = found ?? { vector: vector.slice(start, end), value: make() }
    // A Map keeps its order of insertion: the first is the one not used for longest.
    this.#kept.delete(hash)
    this.#kept.set(hash, entry)
    if (this.#kept.size > this.limit) this.#kept.delete(this.#kept.keys().next().value ?? NaN)
    return entry.value
  }
}
