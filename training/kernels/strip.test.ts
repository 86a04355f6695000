import fc from 'fast-check'
import { randomFor } from '../random.js'
import { plainStrips, stripsOver } from './strip.js'
import { leb } from './wasm.js'

const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })
const seen = new Float64Array(memory.buffer)
const kernels = stripsOver(memory)
const { normal } = randomFor(1, 'strip')
const filled = Float64Array.from(seen, normal)

const size = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max })

test.each(['add', 'subtract'] as const)('%s leaves the very bytes of its plain twin', (name) => {
  fc.assert(
    fc.property(size(70), size(5), fc.nat(3), fc.nat(3), (depth, tiles, between, apart) => {
      seen.set(filled)
      const plain = filled.slice()
      const rowStep = 32 * (tiles + between)
      const [a, b, bStep] = [4 * rowStep, 4 * rowStep + 32 * depth, 32 * (depth + apart)]
      kernels[name](0, rowStep, 32, a, b, bStep, depth, tiles)
      plainStrips(plain)[name](0, rowStep, 32, a, b, bStep, depth, tiles)
      expect(Buffer.from(memory.buffer).equals(Buffer.from(plain.buffer))).toBe(true)
    }),
    { numRuns: 30 },
  )
})

test.each([
  [0, [0]],
  [63, [63]],
  // A constant's bit 6 is its sign: 64 needs a second byte.
  [64, [0xc0, 0]],
  [8191, [0xff, 0x3f]],
  [65_536, [0x80, 0x80, 0x04]],
])('%i in LEB128', (value, bytes) => {
  expect(leb(value)).toEqual(bytes)
})
