import { mkdir, readdir, rename } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { type Needed, neededByLedger } from '../../../audit/needed.js'
import { loadHnswlib } from '../../../engine/retrieval/hnsw.js'
import { FirmId } from '../../../features/schema/ids.js'
import { randomModel } from '../../../tests/randomRelease.js'
import {
  fitInvestor,
  fitProduct,
  type Installation,
  realInstallation,
  recommendTo,
  startOfTest,
} from '../../../tests/realService.js'
import { defaultFirm } from '../../investorKey.js'

const loaded = await loadHnswlib()
if ('missing' in loaded) {
  if (process.env['CI_NO_SKIP'] === '1') throw new Error(`${loaded.missing}, and CI_NO_SKIP=1 forbids to skip`)
  console.warn(`skipped: serving/audit/replay/needed.test.ts, ${loaded.missing}`)
}
const suite = 'missing' in loaded ? describe.skip : describe

let installed: Installation
beforeEach(async () => {
  const file = resolve('examples/firm-pack/firm.yaml')
  const firmPacks = [{ firmId: FirmId.parse('default'), source: file, file }]
  installed = await realInstallation({ firmPacks })
})
afterEach(() => installed.destroy())

/** Decisions by HNSW, after a change of catalogue and release by the exact scan. */
const record = (): Promise<Needed> =>
  installed.serve(async (service, home, { ledger }) => {
    const activate = async (seed: number, exactUpTo: number): Promise<void> => {
      const catalogue = await home.catalogueLog.head()
      const thresholds = { exactUpTo, maxBlockedBps: 10_000, k: 20, ef: 20 }
      const model = randomModel(catalogue.products, 8, seed)
      await home.releases.activate(await home.releases.build(model, catalogue, null, { thresholds }))
      await service.reload()
    }
    await activate(7, 0)
    await service.putInvestor(defaultFirm, fitInvestor('ann'))
    installed.clock.now += 60_000
    await recommendTo(service, 'ann')
    await service.putProduct(fitProduct('P9', { statusAt: startOfTest - 1 }))
    await activate(8, 100)
    await recommendTo(service, 'ann')
    // Built, and named by no decision: not needed.
    const catalogue = await home.catalogueLog.head()
    await home.releases.build(randomModel(catalogue.products, 8, 9), catalogue, null)
    return neededByLedger(ledger.iterate(), home.blobs)
  })

const replayAll = (strict: boolean) =>
  installed.serve((service) =>
    service.audit.replayMany(
      { firmId: defaultFirm, from: null, to: null },
      { strict, threads: 0, told: () => undefined },
    ),
  )
const allBlobs = async (): Promise<readonly string[]> => {
  const files = await readdir(join(installed.dir, 'blobs'), { recursive: true, withFileTypes: true })
  return files.filter((file) => file.isFile()).map(({ name }) => `sha256:${name}`)
}
const fileOf = (digest: string): string => join(installed.dir, 'blobs', digest.slice(7, 9), digest.slice(7))

suite('what the ledger needs', () => {
  test('suffices: with every other blob gone all replay the same, graphs searched again', async () => {
    const needed = await record()
    expect(needed.catalogueRevision).toBe(2)
    const others = (await allBlobs()).filter((digest) => !needed.blobs.has(digest))
    expect(others.length).toBeGreaterThanOrEqual(3)
    for (const digest of others) {
      const away = join(installed.root, 'away', digest.slice(7))
      await mkdir(dirname(away), { recursive: true })
      await rename(fileOf(digest), away)
    }
    const counts = await replayAll(true)
    expect(counts).toMatchObject({ decisions: 2, same: 2, search: { same: 2 } })
  })

  test('and each part of the releases is needed: without it nothing is the same', async () => {
    const needed = await record()
    const counts = await replayAll(false)
    // The first by HNSW: what it nominated is taken from the record.
    expect(counts).toMatchObject({ same: 2, search: { same: 1, 'as-recorded': 1 } })
    let missed = 0
    for (const digest of needed.blobs) {
      const away = `${fileOf(digest)}.away`
      await rename(fileOf(digest), away)
      // Packs of the configuration are put back at the opening; what serves must open.
      const result = await replayAll(true).catch(() => 'does not open' as const)
      if (result === 'does not open') missed += 1
      else if (result.same < 2) {
        expect(result.differs).toBe(0)
        missed += 1
      }
      await rename(away, fileOf(digest))
    }
    // Two manifests, two models, levels, and a graph at the least.
    expect(missed).toBeGreaterThanOrEqual(6)
  })
})
