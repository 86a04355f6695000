import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { report } from './suite.js'

/** How large a market is simulated. */
export const Size = z.strictObject({ products: z.int(), investors: z.int(), days: z.int() })
export type Size = z.infer<typeof Size>

export const moderate: Size = { products: 600, investors: 2_000, days: 365 }
export const fullSize: Size = { products: 4_200, investors: 20_000, days: 730 }

/** What one process made of the seed: all but the first two must be equal wherever they are made. */
export const Digests = z.strictObject({
  node: z.string(),
  backend: z.string(),
  /** SHA-256 over every profile, event and catalogue revision. */
  data: z.string(),
  /** Of the bytes of the model's artifact. */
  model: z.string(),
  /** Derived from configuration, metrics and data. */
  run: z.string(),
  release: z.string(),
  /** SHA-256 over the decisions of 50 investors: slates, scores, reasons, withheld, verdicts. */
  slates: z.string(),
  /** How many of them were given a slate that follows taste: with few, equal digests say little. */
  personal: z.int(),
})
export type Digests = z.infer<typeof Digests>

const compared = ['backend', 'data', 'model', 'run', 'release', 'slates', 'personal'] as const

/** Runs the child (of dist/, from the repository's root) on a Node binary. */
export async function digestsOn(binary: string, size: Size): Promise<Digests> {
  const child = resolve('dist/benchmarks/determinismChild.js')
  const { stdout } = await promisify(execFile)(binary, [child, JSON.stringify(size)])
  return Digests.parse(JSON.parse(stdout))
}

/** What is not as in the first run, each with the versions: empty where all runs agree. */
export const differences = ([first, ...others]: readonly Digests[]): readonly string[] =>
  others.flatMap((other) =>
    compared
      .filter((what) => first !== undefined && other[what] !== first[what])
      .map((what) => `${what}: ${other.node} made ${other[what]}, ${first?.node ?? ''} made ${first?.[what] ?? ''}`),
  )

/** `APTUS_NODES="20=/path,22=/path"`: paths of Node binaries; without it the running one. */
export function binariesOf(text: string | undefined): readonly string[] {
  const named = (text ?? '').split(',').filter((entry) => entry !== '')
  const paths = named.map((entry) => /^\d+=(.+)$/.exec(entry)?.[1])
  if (paths.includes(undefined)) throw new Error(`APTUS_NODES: got "${text}", want 20=/path/to/node,22=/path/to/node`)
  return paths.length === 0 ? [process.execPath] : paths.flatMap((path) => path ?? [])
}

/** Each binary makes everything twice. Throws an Error where anything differs, after it is reported. */
export async function determinism(size: Size): Promise<void> {
  const runs: Digests[] = []
  for (const binary of binariesOf(process.env['APTUS_NODES']))
    for (const turn of [1, 2]) {
      const digests = await digestsOn(binary, size)
      console.error(`${digests.node}, run ${turn}: model ${digests.model}, slates ${digests.slates}`)
      runs.push(digests)
    }
  const found = differences(runs)
  const versions = [...new Set(runs.map(({ node }) => node))]
  report('determinism', {
    question: 'Same seed, same backend: the same bytes of data, model, release and slates on two runs and every Node?',
    baseline: `the first run, on ${runs[0]?.node ?? ''}`,
    n: `${size.products} products, ${size.investors} investors, ${size.days} days; two runs each on ${versions.join(', ')}; slates of 50 investors`,
    rows: runs,
    remarks: found.length === 0 ? ['All runs agree in every digest.'] : found,
  })
  if (found.length > 0) throw new Error(`determinism: ${found.length} digests differ; see benchmarks/results`)
}
