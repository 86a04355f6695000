import { interactionTypes } from '../features/history/port.js'
import { readConfiguration } from '../serving/configuration.js'
import { openHome } from '../serving/home.js'
import { type RunStage, trainRun } from '../serving/retrain.js'
import { ModelConfig, readModelConfig } from '../training/models/config.js'
import { type MillionRun } from './million.js'

/** The child of benchmarks/million.ts: node millionChild.js DATA [CONFIG], a MillionRun to stdout. */
const [data = '', file] = process.argv.slice(2)
const home = await openHome(data, readConfiguration({}))
const stages: Record<string, { cpuSeconds: number; seconds: number }> = {}
let entered = { stage: '', cpu: process.cpuUsage(), at: performance.now() }

/** The stage before ends here. */
function enter(stage: RunStage | ''): void {
  const { user, system } = process.cpuUsage(entered.cpu)
  if (entered.stage !== '') {
    const took = (stages[entered.stage] ??= { cpuSeconds: 0, seconds: 0 })
    took.cpuSeconds += (user + system) / 1e6
    took.seconds += (performance.now() - entered.at) / 1000
  }
  entered = { stage, cpu: process.cpuUsage(), at: performance.now() }
}

const config = file === undefined ? ModelConfig.parse({ kind: 'auto' }) : await readModelConfig(file)
const asOf = Date.now()
const run = await trainRun(home, { config, seed: 1, asOf, clock: () => performance.now(), onStage: enter })
enter('')
const peakMb = Math.round(process.resourceUsage().maxRSS / 1024)
const { type } = (await home.history.interactions(asOf)).rows
const purchases = type.filter((each) => interactionTypes[each] === 'purchase').length
await home.close()
const told: MillionRun = {
  ...{ stages, purchases, views: type.length - purchases, pairs: run.metrics['pairs'] ?? 0 },
  ...{ kind: run.config.kind, peakMb },
}
process.stdout.write(JSON.stringify(told))
