import Benchmark from 'benchmark'
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'

/** One row of an answer: median of the samples, and its ratio to the baseline of the same run. */
export type Row = {
  readonly name: string
  readonly microseconds: number
  readonly ratio: number
  readonly samples: number
}

type Finished = {
  readonly name?: string
  readonly stats: { readonly sample: readonly number[] }
  readonly error?: unknown
}

/**
 * Times functions in turn with `benchmark` (Bynens and Dalton). The first is the baseline. The median of the samples
 * is reported, for these machines are shared and noisy: quote the ratios.
 */
export function timed(functions: Readonly<Record<string, () => unknown>>): readonly Row[] {
  const suite = new Benchmark.Suite()
  for (const [name, run] of Object.entries(functions)) suite.add(name, run)
  const medians: { name: string; microseconds: number; samples: number }[] = []
  suite.on('cycle', (event: Benchmark.Event) => {
    const { name, stats, error } = event.target as unknown as Finished
    if (error !== undefined) throw error instanceof Error ? error : new Error(`${name ?? ''} failed`)
    const sorted = [...stats.sample].sort((a, b) => a - b)
    medians.push({ name: name ?? '', microseconds: (sorted[sorted.length >> 1] ?? NaN) * 1e6, samples: sorted.length })
  })
  suite.run({ async: false })
  const base = medians[0]?.microseconds ?? NaN
  return medians.map((row) => ({ ...row, ratio: row.microseconds / base }))
}

export type Answer = {
  readonly question: string
  readonly baseline: string
  readonly n: string
  readonly rows: readonly object[]
  readonly remarks?: readonly string[]
}

/** Read when the benchmark begins: long ones outlive commits. */
export const commit = execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { encoding: 'utf8' }).trim()

/** Writes an answer with its circumstances to benchmarks/results/NAME.json and prints it as a table. */
export function report(name: string, answer: Answer): void {
  const circumstances = {
    date: new Date().toISOString().slice(0, 10),
    commit,
    node: process.version,
    machine: `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB`,
  }
  mkdirSync('benchmarks/results', { recursive: true })
  writeFileSync(`benchmarks/results/${name}.json`, `${JSON.stringify({ ...circumstances, ...answer }, null, 2)}\n`)
  console.error(`\n${name}: ${answer.question}\nbaseline: ${answer.baseline}; n: ${answer.n}`)
  console.table(answer.rows)
}

export const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits))
