import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'
import util from 'node:util'
import type * as tfjs from '@tensorflow/tfjs'
import type * as wasmBackend from '@tensorflow/tfjs-backend-wasm'
import { repairWasm } from './wasmRepairs.js'

export type TensorFlow = typeof tfjs

/** TensorFlow.js over a backend that trains. `because`: why this backend, in a sentence for the run's record. */
export type Backend = { readonly tf: TensorFlow; readonly name: 'tensorflow' | 'wasm'; readonly because: string }

/** By a variable: the compiler would look for the types of a package that may be absent. */
const nativePackage: string = '@tensorflow/tfjs-node'

let opened: Promise<Backend> | null = null

/**
 * The backend of this process: the native library where tfjs-node loads, else WebAssembly, repaired. It is chosen once.
 * Throws an Error where neither starts; the pure JavaScript backend `cpu` is never taken, for a step on it takes 20 s.
 */
export function openTensorFlow(): Promise<Backend> {
  opened ??= openNamed('tensorflow').then(async (native) => ('tf' in native ? native : openWasm(native.because)))
  return opened
}

/** A backend of one's choice, for one process to measure or compare, or why it is not to be had here. */
export function openNamed(name: Backend['name']): Promise<Backend | { readonly because: string }> {
  return name === 'wasm' ? openWasm('it was asked for') : openNative()
}

async function openNative(): Promise<Backend | { readonly because: string }> {
  // Node 23 took these out of util, and tfjs-node 4.22 calls them in its ops.
  const shims = util as unknown as Record<string, unknown>
  shims['isNullOrUndefined'] ??= (value: unknown): boolean => value === null || value === undefined
  shims['isArray'] ??= Array.isArray
  try {
    const loaded = (await import(nativePackage)) as TensorFlow & { readonly default?: TensorFlow }
    const tf = loaded.default ?? loaded
    if (!(await tf.setBackend('tensorflow')))
      return { because: 'tfjs-node is installed, but its backend did not start' }
    return { tf, name: 'tensorflow', because: 'tfjs-node is installed' }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const absent = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND'
    return {
      because: absent ? 'tfjs-node is not installed' : `tfjs-node does not load (${code ?? 'its library is missing'})`,
    }
  }
}

async function openWasm(because: string): Promise<Backend> {
  const require = createRequire(import.meta.url)
  const tf = require('@tensorflow/tfjs') as TensorFlow
  // Without this it warns that tfjs-node would be faster, which `because` says.
  tf.enableProdMode()
  const wasm = require('@tensorflow/tfjs-backend-wasm') as typeof wasmBackend
  const entry = require.resolve('@tensorflow/tfjs-backend-wasm')
  wasm.setWasmPaths(join(dirname(entry), sep))
  if (!(await tf.setBackend('wasm')) || tf.getBackend() !== 'wasm')
    throw new Error(
      'no TensorFlow backend to train on: tfjs-node is absent and WebAssembly did not start, and the pure cpu backend ' +
        'would take hours. Install @tensorflow/tfjs-node, or train iALS (kind: ials), which needs neither.',
    )
  repairWasm(tf)
  return { tf, name: 'wasm', because }
}
