/**
 * WebAssembly written from here: instructions are functions that give bytes, so that a kernel is unrolled by a loop of
 * TypeScript and needs no compiler beside tsc. Numbers of the opcodes: the core specification 2.0, §5.4, and its
 * vectors (0xfd). Only what the kernels use.
 */
export type Code = readonly number[]

export const valueTypes = { i32: 0x7f, v128: 0x7b } as const

/** LEB128 of a whole number, as the format wants sizes, indices and constants. */
export function leb(value: number): number[] {
  const bytes: number[] = []
  for (let rest = value; ; rest >>= 7) {
    const low = rest & 0x7f
    // The last byte carries the sign of a constant in its bit 6.
    if (rest >> 6 === 0) return [...bytes, low]
    bytes.push(low | 0x80)
  }
}

const all = (codes: readonly Code[]): number[] => codes.flatMap((code) => [...code])
const after = (opcode: Code, operands: readonly Code[]): Code => [...all(operands), ...opcode]
const vector = (opcode: number): Code => [0xfd, ...(opcode < 0x80 ? [opcode] : [opcode, 1])]

export const i32 = {
  constant: (value: number): Code => [0x41, ...leb(value)],
  add: (a: Code, b: Code): Code => after([0x6a], [a, b]),
  subtract: (a: Code, b: Code): Code => after([0x6b], [a, b]),
}

/** Two doubles at a time. Addresses are bytes; `offset` is added to them. */
export const f64x2 = {
  load: (address: Code, offset = 0): Code => [...address, ...vector(0x00), 3, ...leb(offset)],
  /** One double into both lanes. */
  loadBoth: (address: Code, offset = 0): Code => [...address, ...vector(0x0a), 3, ...leb(offset)],
  store: (address: Code, offset: number, value: Code): Code => [
    ...address,
    ...value,
    ...vector(0x0b),
    3,
    ...leb(offset),
  ],
  zero: [...vector(0x0c), ...Array<number>(16).fill(0)],
  add: (a: Code, b: Code): Code => after(vector(0xf0), [a, b]),
  subtract: (a: Code, b: Code): Code => after(vector(0xf1), [a, b]),
  multiply: (a: Code, b: Code): Code => after(vector(0xf2), [a, b]),
}

export const get = (local: number): Code => [0x20, ...leb(local)]
export const set = (local: number, value: Code): Code => [...value, 0x21, ...leb(local)]

/** Runs the body, then again while `condition` is not 0: `condition` must be above 0 before. */
export const repeatWhile = (condition: Code, body: readonly Code[]): Code => [
  ...[0x03, 0x40],
  ...all(body),
  ...condition,
  ...[0x0d, 0x00, 0x0b],
]

const section = (id: number, content: Code): Code => [id, ...leb(content.length), ...content]
const named = (name: string): Code => [...leb(name.length), ...Buffer.from(name)]
const vectorOf = (items: readonly Code[]): Code => [...leb(items.length), ...all(items)]

export type KernelSource = {
  readonly name: string
  /** All i32: addresses and counts; locals 0, 1, … */
  readonly parameters: number
  /** The types of the locals behind them. */
  readonly locals: readonly (keyof typeof valueTypes)[]
  readonly body: readonly Code[]
}

const typeOf = ({ parameters }: KernelSource): Code => [
  0x60,
  ...vectorOf(Array<Code>(parameters).fill([valueTypes.i32])),
  0x00,
]

function codeOf({ locals, body }: KernelSource): Code {
  const code = [...vectorOf(locals.map((local) => [1, valueTypes[local]])), ...all(body), 0x0b]
  return [...leb(code.length), ...code]
}

/** A module of kernels over a shared memory, of any size, that it imports as `env.memory`. */
export function moduleOf(kernels: readonly KernelSource[]): WebAssembly.Module {
  const memory = [...named('env'), ...named('memory'), 0x02, 0x03, 0x00, ...leb(65_536)]
  return new WebAssembly.Module(
    Uint8Array.from([
      ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      ...section(1, vectorOf(kernels.map(typeOf))),
      ...section(2, vectorOf([memory])),
      ...section(3, vectorOf(kernels.map((_, index) => leb(index)))),
      ...section(7, vectorOf(kernels.map(({ name }, index) => [...named(name), 0x00, ...leb(index)]))),
      ...section(10, vectorOf(kernels.map(codeOf))),
    ]),
  )
}
