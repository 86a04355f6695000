import { join } from 'node:path'
import { readModelConfig } from '../training/models/config.js'
import { evaluateInteractions } from '../training/protocols/interactions.js'
import { type GowallaRun } from './gowalla.js'

/** The child of benchmarks/gowalla.ts: node gowallaChild.js DIR CONFIG SEED, a GowallaRun to stdout. */
const [dir = '', config = '', seed = ''] = process.argv.slice(2)
const { metrics, seconds, peakRssMb } = await evaluateInteractions({
  ...{ train: join(dir, 'train.txt.gz'), test: join(dir, 'test.txt.gz'), at: 20, seed: Number(seed) },
  config: await readModelConfig(config),
  clock: () => performance.now(),
})
const { user, system } = process.cpuUsage()
const run: GowallaRun = {
  ...{ recall: metrics['recall@20'] ?? NaN, ndcg: metrics['ndcg@20'] ?? NaN },
  ...{ cpuSeconds: (user + system) / 1e6, trainSeconds: seconds.train, recommendSeconds: seconds.recommend },
  peakMb: peakRssMb,
}
process.stdout.write(JSON.stringify(run))
