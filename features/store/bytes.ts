/** Numbers and texts one after the other. Not reentrant: each writer is finished before the next is begun. */

/** From where the first instant of a list is counted: 2020-09-13, in ms, and its day. */
export const epoch = 1.6e12
export const epochDay = 18_518

let scratch = Buffer.allocUnsafe(4_096)
let length = 0

const room = (more: number): void => {
  if (length + more <= scratch.length) return
  const larger = Buffer.allocUnsafe(2 * (length + more))
  scratch.copy(larger, 0, 0, length)
  scratch = larger
}

const byte = (value: number): void => {
  room(1)
  scratch[length++] = value
}

/** Whole, 0 to 2⁵³ − 1: seven bits a byte, the low ones first. RangeError for any other. */
const whole = (value: number): void => {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`codec: got ${value}, want a whole number from 0`)
  room(8)
  let rest = value
  while (rest >= 0x80) {
    scratch[length++] = (rest % 0x80) + 0x80
    rest = Math.floor(rest / 0x80)
  }
  scratch[length++] = rest
}

/** Twice a number, plus 1 where it is negative. */
const zigzag = (value: number): number => (value < 0 ? -2 * value + 1 : 2 * value)

/** Beyond it twice a number is no safe integer, nor are some differences: such a number is written as it is, behind -0. */
const widest = 2 ** 51

/** Whole, as its distance from the one before: of either sign, which is the lowest bit. */
const step = (value: number, before: number): void => {
  const distance = value - before
  if (Math.abs(distance) > widest) {
    byte(1)
    room(8)
    length = scratch.writeDoubleLE(value, length)
  } else whole(zigzag(distance))
}

/**
 * An instant (ms) as its distance from the one before: twice its whole seconds, or twice its milliseconds plus 1. Those
 * further away are written as they are, behind -0 milliseconds.
 */
const instant = (value: number, before: number): void => {
  const distance = value - before
  if (Math.abs(distance) > widest / 2) {
    byte(3)
    room(8)
    length = scratch.writeDoubleLE(value, length)
  } else if (distance % 1000 === 0) whole(2 * zigzag(distance / 1000))
  else whole(2 * zigzag(distance) + 1)
}

/** Whole, of either sign. */
const signed = (value: number): void => step(value, 0)

const text = (value: string): void => {
  const size = Buffer.byteLength(value)
  whole(size)
  room(size)
  length += scratch.write(value, length)
}

const bytes = (value: Uint8Array): void => {
  whole(value.length)
  room(value.length)
  scratch.set(value, length)
  length += value.length
}

export const writer = { byte, whole, signed, step, instant, text, bytes } as const
export type Writer = typeof writer

/** What `write` wrote, as bytes of their own. */
export function written(write: (to: Writer) => void): Uint8Array {
  length = 0
  write(writer)
  return Uint8Array.prototype.slice.call(scratch, 0, length)
}

const unzigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value - 1) / 2)

/** Reads what a writer wrote, in the same order. RangeError past the end. */
export class Reader {
  private readonly buffer: Buffer
  private at: number

  constructor(bytes: Uint8Array, at = 0) {
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.at = at
  }

  byte(): number {
    const value = this.buffer[this.at++]
    if (value === undefined) throw new RangeError('codec: the value ends too early; it is damaged')
    return value
  }

  whole(): number {
    let value = this.byte()
    if (value < 0x80) return value
    value -= 0x80
    for (let scale = 0x80; ; scale *= 0x80) {
      const next = this.byte()
      if (next < 0x80) return value + next * scale
      value += (next - 0x80) * scale
    }
  }

  step(before: number): number {
    const value = this.whole()
    if (value === 1) {
      this.skip(8)
      return this.buffer.readDoubleLE(this.at - 8)
    }
    return before + unzigzag(value)
  }

  instant(before: number): number {
    const value = this.whole()
    if (value % 2 === 0) return before + 1000 * unzigzag(value / 2)
    if (value !== 3) return before + unzigzag((value - 1) / 2)
    this.skip(8)
    return this.buffer.readDoubleLE(this.at - 8)
  }

  signed(): number {
    return this.step(0)
  }

  text(): string {
    const size = this.whole()
    this.skip(size)
    return this.buffer.toString('utf8', this.at - size, this.at)
  }

  bytes(): Uint8Array {
    const size = this.whole()
    this.skip(size)
    return this.buffer.subarray(this.at - size, this.at)
  }

  /** So many, read one after the other. */
  times<T>(count: number, read: () => T): T[] {
    const all: T[] = []
    for (let left = count; left > 0; left -= 1) all.push(read())
    return all
  }

  /** The one at the place that comes next. */
  oneOf<T>(list: readonly T[]): T {
    return listed(list, this.whole())
  }

  private skip(size: number): void {
    this.at += size
    if (this.at > this.buffer.length) throw new RangeError('codec: the value ends too early; it is damaged')
  }
}

/** The value at a place of a list; RangeError where it has none. */
export function listed<T>(list: readonly T[], place: number): T {
  const value = list[place]
  if (value === undefined) throw new RangeError('codec: the value names what is not there; it is damaged')
  return value
}
