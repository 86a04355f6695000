import { setImmediate } from 'node:timers/promises'
import { TwoTowerConfig } from '../training/models/config.js'
import { batchesOf } from '../training/models/twoTower/batches.js'
import { firstWeights } from '../training/models/twoTower/fit.js'
import { encodePairs, noFeatures } from '../training/models/twoTower/pairs.js'
import { stepper } from '../training/models/twoTower/step.js'
import { type Backend, openNamed } from '../training/tensorflow/backend.js'
import { powerLawPairs } from './powerLawPairs.js'
import { type BackendRun, type Soak } from './twoTowerBackends.js'

/** The child of benchmarks/twoTowerBackends.ts: node twoTowerBackendsChild.js BACKEND STEPS, a BackendRun to stdout. */
const size = { users: 8000, items: 4200, pairs: 100_000 }
const config = TwoTowerConfig.parse({ kind: 'two-tower', batch: 256 })
const seed = 1

async function run(tf: Backend['tf'], steps: number): Promise<BackendRun> {
  const encoded = encodePairs(powerLawPairs(size, seed), config, seed, noFeatures)
  const sizes = { products: size.items, companies: 0, kinds: 0, factWidth: 0, investorWidth: 0 }
  const weights = firstWeights(tf, sizes, config, seed)
  const scaling = { means: new Float32Array(), scales: new Float32Array() }
  const { step } = stepper(tf, weights, { encoded, goods: null, sizes }, scaling, config, seed)
  const losses: number[] = []
  const soak: Soak[] = []
  const began = { cpu: process.cpuUsage(), at: performance.now() }
  for (let epoch = 0; losses.length < steps; epoch++)
    for (const batch of batchesOf(new Int32Array(encoded.targets.length), 1, config.batch, seed, epoch)) {
      losses.push(step(batch, config.learningRate))
      await setImmediate()
      if (losses.length % 50 === 0) soak.push(held(tf, losses.length))
      if (losses.length === steps) break
    }
  const { user, system } = process.cpuUsage(began.cpu)
  return {
    losses,
    soak,
    examples: steps * config.batch,
    seconds: (performance.now() - began.at) / 1000,
    cpuSeconds: (user + system) / 1e6,
  }
}

/** What is held after so many steps, the garbage of JavaScript collected first. */
function held(tf: Backend['tf'], steps: number): Soak {
  globalThis.gc?.()
  return { steps, tensors: tf.memory().numTensors, rssMb: process.memoryUsage().rss / 2 ** 20 }
}

const [name = '', steps = ''] = process.argv.slice(2)
const backend = await openNamed(name === 'wasm' ? 'wasm' : 'tensorflow')
const answer = 'tf' in backend ? await run(backend.tf, Number(steps)) : backend
process.stdout.write(JSON.stringify(answer))
