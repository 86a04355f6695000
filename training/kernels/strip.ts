import { type Code, f64x2, get, i32, moduleOf, repeatWhile, set, type KernelSource } from './wasm.js'

/** A tile has so many rows and columns: its sums, a row of b and a factor fit the sixteen vector registers of x86. */
export const side = 4

/**
 * C += AᵀB, or C −= AᵀB, over a strip of tiles [4, 4]: of each, C's cells gain or lose Σ_k a[k, row] b[k, column], summed from k = 0 up, two
 * columns in a vector; so the bytes are those of `plainStrips` on every machine. Addresses and distances are in bytes
 * of the shared memory: of the first tile's corner, from row to row and from tile to tile; `a` is [depth, 4], and so is
 * the b of each tile, `bStep` from one to the next. `depth` and `tiles` are at least 1.
 */
export type Strip = (
  c: number,
  rowStep: number,
  tileStep: number,
  a: number,
  b: number,
  bStep: number,
  depth: number,
  tiles: number,
) => void

export type Strips = { readonly add: Strip; readonly subtract: Strip }

/** The plain twin, over all of the memory as doubles. */
export const plainStrips = (memory: Float64Array): Strips => ({
  add: plainStrip(memory, 1),
  subtract: plainStrip(memory, -1),
})

const plainStrip =
  (memory: Float64Array, sign: 1 | -1): Strip =>
  (c, rowStep, tileStep, a, b, bStep, depth, tiles) => {
    for (let tile = 0; tile < tiles; tile++)
      for (let row = 0; row < side; row++)
        for (let column = 0; column < side; column++) {
          const [atA, atB] = [a / 8 + row, (b + tile * bStep) / 8 + column]
          let sum = 0
          for (let k = 0; k < depth; k++) sum += memory[atA + k * side]! * memory[atB + k * side]!
          memory[(c + tile * tileStep + row * rowStep) / 8 + column]! += sign * sum
        }
  }

export function stripsOver(memory: WebAssembly.Memory): Strips {
  const { add, subtract } = new WebAssembly.Instance(strips, { env: { memory } }).exports
  return { add: add as Strip, subtract: subtract as Strip }
}

const [c, rowStep, tileStep, a, b, bStep, depth, tiles] = [0, 1, 2, 3, 4, 5, 6, 7]
const [atA, atB, left, row] = [8, 9, 10, 11]
const [b0, b1, factor] = [12, 13, 14]
const rows = [0, 1, 2, 3]
const sum = (r: number, half: number): number => 15 + 2 * r + half

const advance = (local: number, by: Code): Code => set(local, i32.add(get(local), by))
const countDown = (local: number): Code => set(local, i32.subtract(get(local), i32.constant(1)))

const multiplyRow = (r: number): readonly Code[] => [
  set(factor, f64x2.loadBoth(get(atA), 8 * r)),
  set(sum(r, 0), f64x2.add(get(sum(r, 0)), f64x2.multiply(get(factor), get(b0)))),
  set(sum(r, 1), f64x2.add(get(sum(r, 1)), f64x2.multiply(get(factor), get(b1)))),
]

type Combine = (a: Code, b: Code) => Code

const combineRow = (combine: Combine, r: number): readonly Code[] => [
  ...[0, 1].map((half) =>
    f64x2.store(get(row), 16 * half, combine(f64x2.load(get(row), 16 * half), get(sum(r, half)))),
  ),
  advance(row, get(rowStep)),
]

const stripKernel = (name: string, combine: Combine): KernelSource => ({
  name,
  parameters: 8,
  locals: ['i32', 'i32', 'i32', 'i32', ...Array<'v128'>(11).fill('v128')],
  body: [
    repeatWhile(get(tiles), [
      ...[set(atA, get(a)), set(atB, get(b)), set(left, get(depth)), set(row, get(c))],
      ...rows.flatMap((r) => [set(sum(r, 0), f64x2.zero), set(sum(r, 1), f64x2.zero)]),
      repeatWhile(get(left), [
        ...[set(b0, f64x2.load(get(atB))), set(b1, f64x2.load(get(atB), 16))],
        ...rows.flatMap(multiplyRow),
        ...[advance(atA, i32.constant(8 * side)), advance(atB, i32.constant(8 * side)), countDown(left)],
      ]),
      ...rows.flatMap((r) => combineRow(combine, r)),
      ...[advance(c, get(tileStep)), advance(b, get(bStep)), countDown(tiles)],
    ]),
  ],
})

const strips = moduleOf([stripKernel('add', f64x2.add), stripKernel('subtract', f64x2.subtract)])
