import fc from 'fast-check'
import { type Artifact, decodeArtifact, encodeArtifact } from './artifact.js'

const example: Artifact = {
  metadata: { kind: 'ials', format: 'aptus-model/1' },
  tensors: {
    products: { shape: [2, 3], data: Float32Array.from([1, 2, 3, 4, 5, 6]) },
    gram: { shape: [1, 1], data: Float64Array.from([0.1]) },
    years: { shape: [2], data: Int32Array.from([-1, 7]) },
  },
}

test('what is encoded decodes to the same', () => {
  const decoded = decodeArtifact(encodeArtifact(example))
  expect({ ...decoded.metadata }).toEqual(example.metadata)
  expect(Array.from(decoded.tensors['products']!.data)).toEqual([1, 2, 3, 4, 5, 6])
  expect(decoded.tensors['gram']!.data[0]).toBe(0.1)
  expect(Array.from(decoded.tensors['years']!.data)).toEqual([-1, 7])
})

test('bytes read from a file, a Buffer within a larger one, decode to the same', () => {
  const bytes = encodeArtifact(example)
  const pool = Buffer.alloc(bytes.length + 24, 0xff)
  pool.set(bytes, 16)
  const decoded = decodeArtifact(pool.subarray(16, 16 + bytes.length))
  for (const [name, tensor] of Object.entries(example.tensors))
    expect(Array.from(decoded.tensors[name]!.data)).toEqual(Array.from(tensor.data))
})

test('the same artifact encodes to the same bytes, in whatever order it was put together', () => {
  const { products, gram, years } = example.tensors
  const other = {
    metadata: { format: 'aptus-model/1', kind: 'ials' },
    tensors: { years: years!, gram: gram!, products: products! },
  }
  expect(Buffer.from(encodeArtifact(other)).equals(Buffer.from(encodeArtifact(example)))).toBe(true)
})

test.each([
  ['an empty file', new Uint8Array(0), /too few/],
  ['a header longer than the file', Uint8Array.from([255, 0, 0, 0, 0, 0, 0, 0, 1]), /does not fit/],
  ['no JSON', Uint8Array.from([2, 0, 0, 0, 0, 0, 0, 0, 65, 65]), /no JSON/],
  ['a byte too many', Uint8Array.from([...encodeArtifact(example), 0]), /after the last tensor/],
])('%s is refused', (_, bytes, message) => expect(() => decodeArtifact(bytes)).toThrow(message))

test('no truncation decodes', () => {
  const bytes = encodeArtifact(example)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (length) => {
      expect(() => decodeArtifact(bytes.subarray(0, length))).toThrow(/model file/)
    }),
  )
})
