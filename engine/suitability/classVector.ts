/**
 * All of a subject that verdicts depend on, as whole numbers that the compiled rules write and read back in the same
 * order: bits are made of nothing else, so that subjects with equal vectors have equal bits.
 */
export class ClassVector {
  #numbers = new Int32Array(256)
  #length = 0
  #at = 0

  get length(): number {
    return this.#length
  }

  write(number: number): void {
    if (this.#length === this.#numbers.length) {
      const longer = new Int32Array(this.#length * 2)
      longer.set(this.#numbers)
      this.#numbers = longer
    }
    this.#numbers[this.#length++] = number
  }

  /** What was written last. */
  get written(): number {
    return this.#numbers[this.#length - 1] ?? NaN
  }

  clear(): void {
    this.#length = 0
  }

  readFrom(start: number): void {
    this.#at = start
  }

  read(): number {
    if (this.#at >= this.#length) throw new Error('a rule reads more of a class vector than it wrote')
    return this.#numbers[this.#at++] ?? NaN
  }

  /** What was read last. */
  get lastRead(): number {
    return this.#numbers[this.#at - 1] ?? NaN
  }

  slice(start: number, end: number): Int32Array {
    return this.#numbers.slice(start, end)
  }

  /** FNV-1a over the numbers from `start` to `end`. */
  hash(start: number, end: number): number {
    let hash = 0x811c_9dc5
    for (let index = start; index < end; index++) hash = Math.imul(hash ^ (this.#numbers[index] ?? 0), 0x0100_0193)
    return hash
  }

  equals(other: Int32Array, start: number, end: number): boolean {
    if (other.length !== end - start) return false
    for (let index = start; index < end; index++) if (other[index - start] !== this.#numbers[index]) return false
    return true
  }
}
