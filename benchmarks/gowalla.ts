import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { nodeOutput } from './children.js'
import { realDataDir } from './realCatalogue.js'
import { commit, report, rounded } from './suite.js'

const GowallaRun = z.strictObject({
  recall: z.number(),
  ndcg: z.number(),
  cpuSeconds: z.number(),
  trainSeconds: z.number(),
  recommendSeconds: z.number(),
  peakMb: z.int(),
})
export type GowallaRun = z.infer<typeof GowallaRun>

/** Configs of training/configs, and the seeds of those that the bars are for. */
const models: Readonly<Record<string, readonly number[]>> = {
  'bspm-gowalla': [1, 2, 3],
  'gf-cf-gowalla': [1],
  'spectral-gowalla': [1],
  'ease-gowalla': [1],
  'ials-gowalla': [1],
  'two-tower-gowalla': [1],
}

const file = 'benchmarks/results/gowalla.json'
const Kept = z.object({ rows: z.array(z.looseObject({ config: z.string() })) })
/** Rows of other models from earlier runs, each with its own date and commit. */
const keptRows = (): z.infer<typeof Kept>['rows'] =>
  existsSync(file)
    ? Kept.parse(JSON.parse(readFileSync(file, 'utf8'))).rows.filter(({ config }) => models[config] !== undefined)
    : []

/** Each model in a process of its own, a seed at a time; `named`: those alone, the rows of others stay as they were. */
export async function gowalla(named: readonly string[]): Promise<void> {
  const unknown = named.filter((name) => models[name] === undefined)
  if (unknown.length > 0)
    throw new RangeError(`no config ${unknown.join(', ')}; there are ${Object.keys(models).join(', ')}`)
  const dir = join(realDataDir(), 'gowalla')
  const child = fileURLToPath(new URL('./gowallaChild.js', import.meta.url))
  for (const config of named.length > 0 ? named : Object.keys(models)) {
    const runs: GowallaRun[] = []
    for (const seed of models[config] ?? []) {
      const told = await nodeOutput([child, dir, `training/configs/${config}.yaml`, String(seed)])
      runs.push(GowallaRun.parse(JSON.parse(told)))
    }
    write([...keptRows().filter((row) => row.config !== config), rowOf(config, runs)])
  }
}

function rowOf(config: string, runs: readonly GowallaRun[]) {
  const mean = (of: (run: GowallaRun) => number): number => runs.reduce((sum, run) => sum + of(run), 0) / runs.length
  return {
    config,
    seeds: runs.length,
    'recall@20': rounded(
      mean((run) => run.recall),
      4,
    ),
    'ndcg@20': rounded(
      mean((run) => run.ndcg),
      4,
    ),
    'lowest ndcg@20': rounded(Math.min(...runs.map((run) => run.ndcg)), 4),
    'cpu s': rounded(
      mean((run) => run.cpuSeconds),
      0,
    ),
    'train s': rounded(
      mean((run) => run.trainSeconds),
      0,
    ),
    'recommend s': rounded(
      mean((run) => run.recommendSeconds),
      0,
    ),
    'peak MB': Math.max(...runs.map((run) => run.peakMb)),
    date: new Date().toISOString().slice(0, 10),
    commit,
  }
}

function write(rows: readonly { readonly config: string; readonly [name: string]: unknown }[]): void {
  const order = Object.keys(models)
  report('gowalla', {
    question: 'Does one model reach recall@20 .1872 and nDCG@20 .1580 on the published split, and what do the others?',
    baseline:
      'published: EASE .1765/.1467, two-tower .1754/.1473, LightGCN .1820/.1547, UltraGCN .1862/.1580, SimpleX .1872/.1557, GF-CF .1849/.1518, BSPM .1920/.1597',
    n: '29,858 users, 40,981 items, 810,128 pairs to learn from; all items ranked, those of training masked',
    rows: rows.toSorted((a, b) => order.indexOf(a.config) - order.indexOf(b.config)),
    remarks: [
      'Means over seeds, each in a process of its own. Configs were published or fixed on holdouts of train alone; each says how.',
      'cpu s: training and recommending together; the other seconds are wall time of a machine that may be shared.',
      'EASE is cut to its greatest eigenvectors: the whole matrix would take 13 GB.',
    ],
  })
}
