import { type Backend, openTensorFlow } from './backend.js'

let backend: Backend
beforeAll(async () => {
  backend = await openTensorFlow()
})

test('a backend that trains is chosen, with the reason, and never the pure cpu one', () => {
  expect(['tensorflow', 'wasm']).toContain(backend.name)
  expect(backend.tf.getBackend()).toBe(backend.name)
  expect(backend.because).toContain('tfjs-node')
})

const matrix = (rows: number, columns: number): Float32Array =>
  Float32Array.from({ length: rows * columns }, (_, at) => ((at * 37) % 11) - 5)

/** The definition, written out. */
function product(a: Float32Array, b: Float32Array, m: number, k: number, n: number, turnA: boolean, turnB: boolean) {
  return Float32Array.from({ length: m * n }, (_, at) => {
    const [row, column] = [Math.floor(at / n), at % n]
    let sum = 0
    for (let i = 0; i < k; i++)
      sum += a[turnA ? i * m + row : row * k + i]! * b[turnB ? column * k + i : i * n + column]!
    return sum
  })
}

test.each([
  [false, false],
  [true, false],
  [false, true],
  [true, true],
])('matrix products, transposed %p and %p', (turnA, turnB) => {
  const [m, k, n] = [5, 7, 3]
  const [a, b] = [matrix(m, k), matrix(k, n)]
  const { tf } = backend
  const got = tf.tidy(() =>
    tf
      .matMul(tf.tensor2d(a, turnA ? [k, m] : [m, k]), tf.tensor2d(b, turnB ? [n, k] : [k, n]), turnA, turnB)
      .dataSync(),
  )
  expect([...got]).toEqual([...product(a, b, m, k, n, turnA, turnB)])
})

test('rows summed by segment, and the gradient of a gather, which is that sum', () => {
  const { tf } = backend
  const sums = tf.tidy(() =>
    tf.unsortedSegmentSum(tf.tensor2d(matrix(4, 2), [4, 2]), tf.tensor1d([2, 0, 2, 2], 'int32'), 4).dataSync(),
  )
  const m = matrix(4, 2)
  expect([...sums]).toEqual([m[2], m[3], 0, 0, m[0]! + m[4]! + m[6]!, m[1]! + m[5]! + m[7]!, 0, 0])
  const gradient = tf.tidy(() => {
    const rows = tf.tensor1d([1, 1, 3], 'int32')
    return tf
      .grad((table: Parameters<typeof tf.gather>[0]) => tf.sum(tf.gather(table, rows)))(tf.ones([4, 2]))
      .dataSync()
  })
  expect([...gradient]).toEqual([0, 0, 2, 2, 0, 0, 1, 1])
})

test('rows gathered, of any rank, and along another axis', () => {
  const { tf } = backend
  const m = matrix(4, 2)
  const rows = [3, 0, 3]
  const gathered = (shape: number[], axis: number) =>
    tf.tidy(() => [...tf.gather(tf.tensor(m, shape), tf.tensor1d(rows, 'int32'), axis).dataSync()])
  expect(gathered([4, 2], 0)).toEqual(rows.flatMap((row) => [m[2 * row], m[2 * row + 1]]))
  expect(gathered([8], 0)).toEqual(rows.map((row) => m[row]))
  expect(gathered([2, 4], 1)).toEqual([0, 4].flatMap((start) => rows.map((row) => m[start + row])))
})

test('nothing is left behind', () => {
  const { tf } = backend
  const before = tf.memory().numTensors
  for (let i = 0; i < 20; i++) tf.tidy(() => tf.matMul(tf.ones([8, 4]), tf.ones([8, 4]), true, false).dataSync())
  expect(tf.memory().numTensors).toBe(before)
})
