import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { activationsIn } from '../../audit/activations.js'
import { type Ledger, openLedger } from '../../audit/ledger.js'
import { Reader } from '../../audit/personActs.js'
import { type Digest } from '../../features/schema/ids.js'
import { openBlobs } from '../../storage/blobs.js'
import { randomProduct, seeded } from '../../tests/randomMarket.js'
import { catalogueOf, randomModel } from '../../tests/randomRelease.js'
import { ModelConfig } from '../../training/models/config.js'
import { openReleases } from '../../training/releases.js'
import { listRuns, writeRun } from '../../training/run.js'
import { collect } from './collect.js'
import { appendPromotion } from './promotions.js'

const at = Date.parse('2026-05-08T15:00:00Z')
const products = Array.from({ length: 8 }, (_, index) => randomProduct(seeded(index), index, at))
const config = ModelConfig.parse({ kind: 'popularity' })

type Made = { readonly run: string; readonly release: Digest }

/** Six runs, the newest last, each released and active in turn; the ledger names the first. */
async function installation(dir: string) {
  const blobs = openBlobs(join(dir, 'blobs'))
  const home = { dir, blobs, releases: await openReleases(join(dir, 'releases'), blobs) }
  const made: Made[] = []
  for (const seed of [0, 1, 2, 3, 4, 5]) {
    const model = randomModel(products, 4, seed)
    const record = { seed, asOf: at + seed, dataDigest: 'sha256:00', because: 'a test', seconds: 0 }
    const { id } = await writeRun(join(dir, 'runs'), { model, config, metrics: {}, record })
    const release = await home.releases.build(model, catalogueOf(products), id)
    await home.releases.activate(release)
    made.push({ run: id, release })
  }
  return { home, made }
}

describe('collection', () => {
  let [dir, ledger]: [string, Ledger] = ['', undefined as never]
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'collect-'))
    ledger = await openLedger(join(dir, 'ledger'))
  })
  afterEach(async () => {
    await ledger.close()
    await rm(dir, { recursive: true })
  })

  test('what the ledger names, what serves, what a rollback needs, and the last promotions stay', async () => {
    const { home, made } = await installation(dir)
    const [named, gone, promoted, alsoGone, previous, active] = made as [Made, Made, Made, Made, Made, Made]
    await activationsIn(ledger).release(named.release, at)
    const promotion = { v: 1, at, act: 'promote', previous: null, by: Reader.parse('operator:me') } as const
    const rest = { gates: [], overridden: [], reason: null }
    await appendPromotion(join(dir, 'runs'), { ...promotion, ...rest, release: promoted.release, runId: promoted.run })

    const told = await collect({ home, ledger }, { keep: 1, dryRun: true })
    expect(told.releases).toEqual([gone.release, alsoGone.release])
    expect([...told.runs].sort()).toEqual([gone.run, alsoGone.run].sort())
    expect(told.bytes).toBeGreaterThan(1000)
    expect(await listRuns(join(dir, 'runs'))).toHaveLength(6)
    expect(await collect({ home, ledger }, { keep: 1, dryRun: false })).toEqual(told)

    const stay = [named, promoted, previous, active]
    expect(await listRuns(join(dir, 'runs'))).toEqual(stay.map(({ run }) => run).sort())
    expect((await home.releases.list()).map(({ digest }) => digest)).toEqual(stay.map(({ release }) => release))
    for (const { release } of stay) expect((await home.releases.open(release)).digest).toBe(release)
    expect(await home.blobs.has(gone.release)).toBe(false)
    expect(await collect({ home, ledger }, { keep: 1, dryRun: false })).toMatchObject({ runs: [], bytes: 0 })
    expect(await home.releases.rollback()).toBe(previous.release)
  })

  test('parts that a release which stays has too are not removed', async () => {
    const { home, made } = await installation(dir)
    const model = randomModel(products, 4, 5)
    const twin = await home.releases.build(model, { ...catalogueOf(products), digest: made[0]!.release }, made[5]!.run)
    expect((await collect({ home, ledger }, { keep: 6, dryRun: false })).releases).toContain(twin)
    expect((await home.releases.open(made[5]!.release)).digest).toBe(made[5]!.release)
  })
})
