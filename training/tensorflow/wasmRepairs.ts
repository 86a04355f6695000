import type * as tfjs from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm/dist/backend_wasm.js'

type TensorFlow = typeof tfjs
type Kernel = Parameters<TensorFlow['registerKernel']>[0]
type Run = Kernel['kernelFunc']
type TensorInfo = tfjs.TensorInfo

/**
 * What @tensorflow/tfjs-backend-wasm 4.22 lacks for training: the kernel `UnsortedSegmentSum`, which is the gradient of
 * a gather; a fast product of transposed matrices (3.7 times faster when transposed first); and a fast gather of rows
 * (its own takes 2 µs a row of 32 numbers, twenty times a copy). Does nothing the second time. Call it once the backend
 * has started.
 */
export function repairWasm(tf: TensorFlow): void {
  if (tf.getKernel('UnsortedSegmentSum', 'wasm') != null) return
  tf.registerKernel({ kernelName: 'UnsortedSegmentSum', backendName: 'wasm', kernelFunc: segmentSum })
  const plain = kernelOf(tf, 'BatchMatMul')
  const transpose = kernelOf(tf, 'Transpose').kernelFunc
  tf.unregisterKernel('BatchMatMul', 'wasm')
  tf.registerKernel({ ...plain, kernelFunc: transposedFirst(plain.kernelFunc, transpose) })
  const gather = kernelOf(tf, 'GatherV2')
  tf.unregisterKernel('GatherV2', 'wasm')
  tf.registerKernel({ ...gather, kernelFunc: rowsCopied(gather.kernelFunc) })
}

function kernelOf(tf: TensorFlow, name: string): Kernel {
  const kernel = tf.getKernel(name, 'wasm')
  if (kernel == null) throw new Error(`tfjs-backend-wasm has no kernel ${name}; want version 4.22`)
  return kernel
}

/** x: [n, …], segmentIds: [n] → [numSegments, …], row s the sum of the rows whose id is s. */
const segmentSum: Run = ({ inputs, backend, attrs }) => {
  const { x, segmentIds } = inputs as unknown as { readonly x: TensorInfo; readonly segmentIds: TensorInfo }
  const { numSegments } = attrs as unknown as { readonly numSegments: number }
  const wasm = backend as BackendWasm
  const sum = wasm.makeOutput([numSegments, ...x.shape.slice(1)], x.dtype)
  // Views only now: growing memory, which makeOutput may do, detaches them.
  const [from, ids, to] = [x, segmentIds, sum].map((tensor) => wasm.typedArrayFromHeap(tensor))
  if (from === undefined || ids === undefined || to === undefined) throw new Error('UnsortedSegmentSum: no memory')
  addRows(from as Float32Array, ids as Int32Array, to as Float32Array, to.length / Math.max(1, numSegments))
  return sum
}

function addRows(from: Float32Array, ids: Int32Array, to: Float32Array, width: number): void {
  to.fill(0)
  let at = 0
  for (const id of ids) {
    const row = id * width
    for (let column = 0; column < width; column++) to[row + column] = (to[row + column] ?? 0) + (from[at++] ?? 0)
  }
}

/** Whole rows of a tensor of single precision are copied here, all else is left to the given kernel. */
const rowsCopied =
  (gather: Run): Run =>
  (call) => {
    const { x, indices } = call.inputs as unknown as { readonly x: TensorInfo; readonly indices: TensorInfo }
    const { axis, batchDims } = call.attrs as unknown as { readonly axis: number; readonly batchDims: number }
    if (axis !== 0 || batchDims !== 0 || x.dtype !== 'float32' || indices.dtype !== 'int32') return gather(call)
    const wasm = call.backend as BackendWasm
    const taken = wasm.makeOutput([...indices.shape, ...x.shape.slice(1)], x.dtype)
    const [from, rows, to] = [x, indices, taken].map((tensor) => wasm.typedArrayFromHeap(tensor))
    if (from === undefined || rows === undefined || to === undefined) throw new Error('GatherV2: no memory')
    copyRows(from as Float32Array, rows as Int32Array, to as Float32Array, x.shape[0] ?? 0)
    return taken
  }

function copyRows(from: Float32Array, rows: Int32Array, to: Float32Array, height: number): void {
  const width = height === 0 ? 0 : from.length / height
  let at = 0
  for (const row of rows) {
    if (!(row >= 0 && row < height)) throw new RangeError(`GatherV2: row ${row} of ${height}`)
    for (let column = row * width; column < (row + 1) * width; column++) to[at++] = from[column] ?? 0
  }
}

const transposedFirst =
  (multiply: Run, transpose: Run): Run =>
  ({ inputs, backend, attrs }) => {
    const { a, b } = inputs as unknown as { readonly a: TensorInfo; readonly b: TensorInfo }
    const { transposeA, transposeB } = attrs as unknown as {
      readonly transposeA: boolean
      readonly transposeB: boolean
    }
    const turned = (tensor: TensorInfo): TensorInfo => {
      const axes = tensor.shape.map((_, axis) => axis)
      const perm = [...axes.slice(0, -2), ...axes.slice(-2).reverse()]
      return transpose({ inputs: { x: tensor }, backend, attrs: { perm } }) as TensorInfo
    }
    const left = transposeA ? turned(a) : a
    const right = transposeB ? turned(b) : b
    const call = { inputs: { a: left, b: right }, backend, attrs: { transposeA: false, transposeB: false } }
    const product = multiply(call)
    for (const [tensor, given] of [
      [left, a],
      [right, b],
    ] as const)
      if (tensor !== given) (backend as BackendWasm).disposeData(tensor.dataId)
    return product
  }
