import { type Artifact, type Tensor } from './artifact.js'

/** Throws an Error for a tensor that the artifact does not hold. */
export function tensorOf(artifact: Artifact, name: string): Tensor {
  const tensor = artifact.tensors[name]
  if (tensor === undefined) throw new Error(`model file: tensor ${name} is missing`)
  return tensor
}

/**
 * No weight of a model is so large. Within it what a forward pass sums stays finite, so that a bit that flipped in an
 * exponent is found here and not at an investor's request.
 */
const largest = 1e18

function shaped(artifact: Artifact, name: string, shape: readonly number[]): Tensor {
  const tensor = tensorOf(artifact, name)
  if (tensor.shape.join() !== shape.join())
    throw new Error(`model file: tensor ${name} has shape ${tensor.shape.join('×')}, want ${shape.join('×')}`)
  for (const value of tensor.data)
    if (!(Math.abs(value) <= largest)) throw new Error(`model file: tensor ${name} holds ${value}`)
  return tensor
}

/** The values of a tensor of single precision. Throws an Error for another shape or type, or a value not finite or above 1e18. */
export function floats(artifact: Artifact, name: string, shape: readonly number[]): Float32Array {
  const { data } = shaped(artifact, name, shape)
  if (data instanceof Float32Array) return data
  throw new Error(`model file: tensor ${name} must be F32`)
}

/** The same in double precision. */
export function doubles(artifact: Artifact, name: string, shape: readonly number[]): Float64Array {
  const { data } = shaped(artifact, name, shape)
  if (data instanceof Float64Array) return data
  throw new Error(`model file: tensor ${name} must be F64`)
}

/** Whole numbers. Throws as `floats`. */
export function ordinals(artifact: Artifact, name: string, shape: readonly number[]): Int32Array {
  const { data } = shaped(artifact, name, shape)
  if (data instanceof Int32Array) return data
  throw new Error(`model file: tensor ${name} must be I32`)
}
