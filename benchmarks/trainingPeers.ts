import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { endianness, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Interactions } from '../training/interactions.js'
import { ModelConfig } from '../training/models/config.js'
import { fitPairs } from '../training/models/fitPairs.js'
import { openTensorFlow } from '../training/tensorflow/backend.js'
import { heldOut, recallAt20, type Split } from './heldOut.js'
import { powerLawPairs } from './powerLawPairs.js'
import { report, rounded } from './suite.js'

/** A Python that has implicit, torch 2 and numpy (all of PyPI); null where the environment names none. */
const peersPython = (): string | null => process.env['APTUS_PEERS_PYTHON'] ?? null

const items = 4200
const seed = 1
const factors = { dimension: 64, lambda: 0.02, alpha0: 0.05 }
const ease = { lambda: 200 }
const tower = {
  dimension: 32,
  hidden: 64,
  temperature: 0.1,
  learningRate: 0.005,
  batch: 1024,
  negatives: 256,
  mostPurchased: 10,
}

/** Our models, and the scripts of benchmarks/peers/ that train the same from the same options. */
const contests = (pairs: number) => {
  const towerEpochs = pairs < 1e6 ? 4 : pairs < 1e7 ? 2 : 1
  return [
    {
      model: 'iALS',
      epochs: 8,
      config: { kind: 'ials', ...factors, iterations: 8 },
      script: 'implicit_als.py',
      options: factors,
    },
    { model: 'EASE', epochs: 1, config: { kind: 'ease', ...ease }, script: 'ease.py', options: ease },
    {
      model: 'two-tower',
      epochs: towerEpochs,
      config: { kind: 'two-tower', ...tower, embedding: tower.dimension, l2: 0, epochs: towerEpochs },
      script: 'torch_two_tower.py',
      options: tower,
    },
  ]
}

type Told = {
  readonly cpuSeconds: number
  readonly recall: number
  readonly peakMb: number
  readonly version?: string
}

/**
 * Training beside Python's implicit, NumPy and PyTorch on the same pairs, one size after the other: of all models, or of
 * those whose kinds are named.
 */
export async function trainingPeers(sizes: readonly number[], kinds: readonly string[] = []): Promise<void> {
  const backend = await openTensorFlow()
  const rows: object[] = []
  for (const pairs of sizes) {
    const split = heldOut(powerLawPairs({ users: pairs / 20, items, pairs }, seed), seed)
    for (const { model, epochs, config, script, options } of contests(pairs)) {
      if (kinds.length > 0 && !kinds.includes(config.kind)) continue
      const ours = await trained(split, ModelConfig.parse(config), epochs)
      rows.push(rowOf(pairs, model, `aptus${model === 'two-tower' ? ` (${backend.name})` : ''}`, ours, ours))
      const peer = await askedPeer(split, script, { ...options, epochs })
      rows.push(rowOf(pairs, model, script.replace('.py', ''), peer, ours))
    }
    // After each size: a long run that is stopped leaves what it has measured.
    answer(['training-peers', ...kinds].join('-'), rows, sizes.slice(0, sizes.indexOf(pairs) + 1))
  }
}

function answer(name: string, rows: readonly object[], sizes: readonly number[]): void {
  report(name, {
    question: 'What does an epoch of training cost beside the libraries of Python, at equal quality?',
    baseline: 'ours of the same run: a ratio above 1 says that the peer takes more CPU',
    n: `${sizes.map((size) => size.toLocaleString('en')).join(', ')} pairs by a power law, ${items} products, a user of 20 pairs`,
    rows,
    remarks: [
      'CPU s / epoch: user and system, both cores; preparation is part of it. EASE has one epoch.',
      'recall@20 of one item held out of each of the first 5,000 rows: the quality at which the cost stands.',
      'peak MB of ours is that of the process so far, data and earlier models with it; of a peer, its own process.',
      'The script for PyTorch gathers its bags in Python, row by row: a part of its cost is not of the library. implicit is taken as it comes, with no search for its best options.',
      'The peers are run from APTUS_PEERS_PYTHON; "not run" where it is not set or lacks the library.',
    ],
  })
}

async function trained(split: Split, config: ModelConfig, epochs: number): Promise<Told> {
  const began = process.cpuUsage()
  const artifact = await fitPairs(split.train, config, seed)
  const { user, system } = process.cpuUsage(began)
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024)
  return { cpuSeconds: (user + system) / 1e6 / epochs, recall: recallAt20(artifact, split), peakMb }
}

/** null: not run. */
async function askedPeer({ train, held }: Split, script: string, options: object): Promise<Told | null> {
  const python = peersPython()
  if (python === null) return null
  const dir = await mkdtemp(join(tmpdir(), 'aptus-peers-'))
  try {
    const [pairs, out] = [join(dir, 'pairs'), join(dir, 'held')]
    await writeFile(pairs, bytesOf(train))
    await writeFile(out, new Uint8Array(held.buffer))
    const given = [join('benchmarks', 'peers', script), pairs, out, JSON.stringify(options)]
    const { stdout } = await promisify(execFile)(python, given)
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Told
  } catch (error) {
    const { stderr } = error as { readonly stderr?: string }
    console.error(`${script}: ${stderr?.trim().split('\n').at(-1) ?? String(error)}`)
    return null
  } finally {
    await rm(dir, { recursive: true })
  }
}

/** What benchmarks/peers/pairs.py reads. */
export function bytesOf({ itemIds, offsets, items: taken }: Interactions): Uint8Array {
  if (endianness() !== 'LE') throw new Error('training-peers: want a little-endian machine')
  const all = new Int32Array(2 + offsets.length + taken.length)
  all.set([offsets.length - 1, itemIds.length])
  all.set(offsets, 2)
  all.set(taken, 2 + offsets.length)
  return new Uint8Array(all.buffer)
}

function rowOf(pairs: number, model: string, by: string, told: Told | null, ours: Told): object {
  if (told === null) return { pairs, model, by, 'CPU s / epoch': 'not run' }
  return {
    pairs,
    model,
    by: told.version === undefined ? by : `${by}, ${told.version}`,
    'CPU s / epoch': rounded(told.cpuSeconds, 3),
    ratio: rounded(told.cpuSeconds / ours.cpuSeconds),
    'recall@20': rounded(told.recall, 4),
    'peak MB': told.peakMb,
  }
}
