import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { report, rounded } from './suite.js'

export type Soak = { readonly steps: number; readonly tensors: number; readonly rssMb: number }

/** What a child measures of its backend: the loss of each step, and what was held every fiftieth. */
export type BackendRun = {
  readonly losses: readonly number[]
  readonly soak: readonly Soak[]
  readonly examples: number
  readonly seconds: number
  readonly cpuSeconds: number
}
type Outcome = BackendRun | { readonly because: string }

const paritySteps = 100

/** Two-tower on each backend, in processes of their own: the same losses, nothing left behind, and what a step costs. */
export async function twoTowerBackends(steps: number): Promise<void> {
  const wasm = await measured('wasm', steps)
  const native = await measured('tensorflow', steps)
  const again = 'losses' in native ? await measured('tensorflow', paritySteps) : native
  report('two-tower-backends', {
    question: 'Does training on libtensorflow give the losses of training on WebAssembly, leak nothing, and pay?',
    baseline: 'tfjs-backend-wasm with the repairs of training/tensorflow/wasmRepairs.ts',
    n: `${steps} steps of 256 examples, 4,200 products, defaults of the two-tower config, a power law of 100,000 pairs`,
    rows: [
      rowOf('wasm', wasm, wasm),
      { ...rowOf('tensorflow', native, wasm), 'same losses twice': same(native, again) },
    ],
    remarks: [
      'parity: the greatest relative difference of the loss within the first 100 steps.',
      'tensors: least and most that tf.memory() counts, every fiftieth step from the first fiftieth on.',
      'MB per 1,000 steps: slope of the resident memory over the second half, least squares, garbage collected first.',
      'examples a CPU second, since the machine is shared; cores: CPU seconds by seconds.',
    ],
  })
}

async function measured(name: 'wasm' | 'tensorflow', steps: number): Promise<Outcome> {
  const child = resolve('dist/benchmarks/twoTowerBackendsChild.js')
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', child, name, String(steps)], {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
    maxBuffer: 2 ** 26,
  })
  return JSON.parse(stdout) as Outcome
}

function rowOf(backend: string, run: Outcome, baseline: Outcome): object {
  if (!('losses' in run)) return { backend, parity: 'not run', because: run.because }
  return {
    backend,
    parity: 'losses' in baseline ? Number(furthest(run.losses, baseline.losses).toExponential(1)) : 'not run',
    'last loss': rounded(run.losses.at(-1) ?? NaN, 4),
    'examples / CPU s': Math.round(run.examples / run.cpuSeconds),
    'examples / s': Math.round(run.examples / run.seconds),
    cores: rounded(run.cpuSeconds / run.seconds),
    tensors: [Math.min(...run.soak.map((held) => held.tensors)), Math.max(...run.soak.map((held) => held.tensors))],
    'MB per 1,000 steps': rounded(1000 * slopeOf(run.soak.slice(run.soak.length >> 1))),
    'RSS in MB at each quarter': [1, 2, 3, 4].map((quarter) =>
      Math.round(run.soak[Math.floor((quarter * run.soak.length) / 4) - 1]?.rssMb ?? NaN),
    ),
  }
}

/** Greatest |a − b| / |b| of the first hundred. */
export const furthest = (losses: readonly number[], baseline: readonly number[]): number =>
  losses.slice(0, paritySteps).reduce((most, loss, step) => {
    const other = baseline[step] ?? NaN
    return Math.max(most, Math.abs(loss - other) / Math.abs(other))
  }, 0)

/** MB a step, by least squares. */
export function slopeOf(soak: readonly Soak[]): number {
  const mean = (of: (held: Soak) => number): number => soak.reduce((sum, held) => sum + of(held), 0) / soak.length
  const [steps, rss] = [mean((held) => held.steps), mean((held) => held.rssMb)]
  const across = mean((held) => (held.steps - steps) * (held.rssMb - rss))
  return across / mean((held) => (held.steps - steps) ** 2)
}

const same = (run: Outcome, again: Outcome): boolean | string =>
  'losses' in run && 'losses' in again
    ? again.losses.every((loss, step) => Object.is(loss, run.losses[step]))
    : 'not run'
