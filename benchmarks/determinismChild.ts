import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decide } from '../engine/decide.js'
import { type Decision } from '../engine/decision.js'
import { type Digest } from '../features/schema/ids.js'
import { type InvestorSnapshot } from '../features/schema/records.js'
import { readConfiguration } from '../serving/configuration.js'
import { type Home, openHome } from '../serving/home.js'
import { importInto } from '../serving/intake.js'
import { defaultFirm } from '../serving/investorKey.js'
import { releaseRun, trainRun } from '../serving/retrain.js'
import { lastSimulatedDay, simulationImporter } from '../serving/simulated.js'
import { readModelConfig } from '../training/models/config.js'
import { openTensorFlow } from '../training/tensorflow/backend.js'
import { type Digests, Size } from './determinism.js'

/** The child of benchmarks/determinism.ts: a market, a model, a release and slates, at a fixed instant, as digests. */
const now = Date.parse('2026-05-09T00:00:00Z')
const slates = 50
const context = { mode: 'live', scene: 'home', size: 10, exclude: [] } as const

async function sha256(parts: AsyncIterable<unknown> | Iterable<unknown>): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of parts) hash.update(`${JSON.stringify(part)}\n`)
  return hash.digest('hex')
}

/** Every profile and event with its `known_at`, and the catalogue's digest, which is over all of its revisions. */
async function* rowsOf({ history, catalogueLog }: Home): AsyncIterable<unknown> {
  yield* history.profilesKnown(Number.MAX_SAFE_INTEGER)
  yield* history.eventsKnown(Number.MAX_SAFE_INTEGER)
  const { revision, digest } = await catalogueLog.head()
  yield { revision, digest }
}

async function decisions(home: Home, digest: Digest): Promise<readonly Decision[]> {
  const [release, catalogue] = [await home.releases.open(digest), await home.catalogueLog.asOf(null, now)]
  const investors: InvestorSnapshot[] = []
  for await (const batch of home.history.snapshotsAsOf(now)) investors.push(...batch)
  const step = Math.max(1, Math.floor(investors.length / slates))
  return investors
    .filter((_, n) => n % step === 0)
    .slice(0, slates)
    .map((investor) => decide(release, catalogue, home.packs.of(defaultFirm), investor, context, now, 1).decision)
}

async function digestsOf(size: Size): Promise<Digests> {
  const dir = await mkdtemp(join(tmpdir(), 'aptus-determinism-'))
  const home = await openHome(dir, readConfiguration({}))
  try {
    const market = simulationImporter({ ...size, seed: 1, endDay: lastSimulatedDay(now) })
    await importInto(home, market, { dir: '.', strict: true, importedAt: now })
    const config = await readModelConfig('training/configs/two-tower.yaml')
    const run = await trainRun(home, { config, seed: 1, asOf: now, clock: () => performance.now() })
    const { digest } = await releaseRun(home, run.id, true)
    const decided = await decisions(home, digest)
    return {
      node: process.version,
      backend: (await openTensorFlow()).name,
      data: await sha256(rowsOf(home)),
      model: run.record.modelDigest,
      run: run.id,
      release: digest,
      slates: await sha256(decided),
      personal: decided.filter(({ outcome }) => outcome.kind === 'personal').length,
    }
  } finally {
    await home.close()
    await rm(dir, { recursive: true, force: true })
  }
}

process.stdout.write(JSON.stringify(await digestsOf(Size.parse(JSON.parse(process.argv[2] ?? '{}')))))
