import { join } from 'node:path'
import { enteredBefore, entriesIn } from '../audit/entered.js'
import { type Entry, entryIdOf } from '../audit/entry.js'
import { type Ledger } from '../audit/ledger.js'
import { verifyLog } from '../audit/verify.js'
import { compiledFor } from '../engine/suitability/verdicts.js'
import { setBit } from '../engine/suitability/bitset.js'
import { subjectOf } from '../engine/suitability/inputs.js'
import { nodeDisk } from '../storage/segmentDisk.js'
import {
  fitInvestor,
  fitProduct,
  type Installation,
  outcomeOf,
  realInstallation,
  recommendTo,
  startOfTest,
} from '../tests/realService.js'
import { randomModel } from '../tests/randomRelease.js'
import { defaultFirm } from './investorKey.js'
import { folders } from './home.js'
import { software } from './software.js'

let installation: Installation
beforeEach(async () => {
  installation = await realInstallation()
})
afterEach(() => installation.destroy())

const dayMs = 86_400_000
const log = (): string => join(installation.dir, folders.ledger, 'log')
const entries = async (ledger: Ledger): Promise<readonly Entry[]> => {
  const all: Entry[] = []
  for await (const { entry } of ledger.iterate()) all.push(entry)
  return all
}
const typesOf = async (ledger: Ledger): Promise<readonly string[]> => (await entries(ledger)).map(({ type }) => type)

test('software, catalogue, release and pack are entered at the first opening, and not again while they are the same', async () => {
  await installation.serve(async (service, home, { ledger }) => {
    const [runs, catalogue, release, pack] = await entries(ledger)
    expect(runs).toMatchObject({ type: 'software', ...software, node: process.version })
    const { revision, digest } = await home.catalogueLog.head()
    expect(catalogue).toMatchObject({ type: 'catalogue-revision', revision, digest })
    expect(release).toMatchObject({ type: 'release-activation', release: await home.releases.active(), previous: null })
    const packDigest = home.packs.of(defaultFirm).digest
    expect(pack).toMatchObject({ type: 'pack-in-force', firmId: null, packDigest })
    await service.reload()
    expect(ledger.size()).toBe(4)
  })
  await installation.serve((_service, _home, { ledger }) => Promise.resolve(expect(ledger.size()).toBe(4)))
})

test('a product put, an import and another release are entered before a decision names them', async () => {
  const { serve, products } = installation
  await serve(async (service, home, { ledger }) => {
    await service.putInvestor(defaultFirm, fitInvestor('i1'))
    await recommendTo(service, 'i1')
    const changed = await service.putProduct(fitProduct('P3', { status: 'suspended' }))
    expect(await ledger.latest('catalogue-revision')).toMatchObject({ revision: 2, digest: changed.digest })
    await recommendTo(service, 'i1')
    // An import adds several revisions: the newest stands for all.
    for (const lockupDays of [1, 2, 3])
      await home.catalogueLog.append([fitProduct('P1', { lockupDays })], startOfTest + lockupDays)
    const before = await home.releases.active()
    const catalogue = await home.catalogueLog.head()
    await home.releases.activate(await home.releases.build(randomModel(products, 8, 2), catalogue, null))
    // Neither binds before it is taken up.
    const given = await recommendTo(service, 'i1')
    expect('decision' in given && given.decision).toMatchObject({ release: before, catalogue: { revision: 2 } })
    await service.reload()
    expect(await ledger.latest('release-activation')).toMatchObject({ previous: before })
    await recommendTo(service, 'i1')
    await recommendTo(service, 'i1', startOfTest + dayMs)
    expect((await typesOf(ledger)).slice(4)).toEqual([
      'decision',
      'catalogue-revision',
      'decision',
      'decision',
      'catalogue-revision',
      'release-activation',
      'decision',
      'decision',
    ])
  })
  expect((await verifyLog(log())).faults).toEqual([])
  expect(await enteredBefore(entriesIn(log()))).toEqual({ judged: 5, beforeFirst: 0, unentered: [] })
})

test('concurrent decisions and revisions: none names what was not entered', async () => {
  await installation.serve(async (service) => {
    await service.putInvestor(defaultFirm, fitInvestor('i1'))
    await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        n % 3 === 0 ? service.putProduct(fitProduct('P2', { lockupDays: n + 1 })) : recommendTo(service, 'i1'),
      ),
    )
  })
  expect(await enteredBefore(entriesIn(log()))).toEqual({ judged: 20, beforeFirst: 0, unentered: [] })
})

test('the walk finds a decision whose catalogue or release was not entered, and tells of older records apart', async () => {
  await installation.serve(async (service) => {
    await service.putInvestor(defaultFirm, fitInvestor('i1'))
    await recommendTo(service, 'i1')
    await service.putProduct(fitProduct('P3', { status: 'suspended' }))
    await recommendTo(service, 'i1')
    await recommendTo(service, 'i1', startOfTest + dayMs)
  })
  const all: { index: number; entry: Entry }[] = []
  for await (const placed of entriesIn(log())) all.push(placed)
  const without = (index: number) => enteredBefore(all.filter((placed) => placed.index !== index))
  const id = (index: number): string => entryIdOf(all[index]!.entry)
  expect(all.map(({ entry }) => entry.type).join()).toBe(
    'software,catalogue-revision,release-activation,pack-in-force,decision,catalogue-revision,decision,decision',
  )
  const catalogue = (index: number) => ({ index, entryId: id(index), what: 'catalogue' })
  const release = (index: number) => ({ index, entryId: id(index), what: 'release' })
  expect((await without(1)).unentered).toEqual([catalogue(4)])
  expect((await without(2)).unentered).toEqual([release(4), release(6), release(7)])
  expect((await without(5)).unentered).toEqual([catalogue(6), catalogue(7)])
  expect(await enteredBefore(all.slice(4))).toMatchObject({ judged: 3, beforeFirst: 1 })
})

test('what cannot be entered binds, and nothing is decided by it', async () => {
  let broken = false
  const failing = (): Promise<never> => Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' }))
  const disk: typeof nodeDisk = { ...nodeDisk, datasync: (file) => (broken ? failing() : nodeDisk.datasync(file)) }
  await installation.serve(
    async (service) => {
      await service.putInvestor(defaultFirm, fitInvestor('i1'))
      broken = true
      const suspended = fitProduct('P3', { status: 'suspended' })
      await expect(service.putProduct(suspended)).rejects.toMatchObject({ reason: 'no-ledger' })
      expect(service.catalogue()?.products).toContainEqual(suspended)
      expect(service.readiness()).toMatchObject({ ready: false, reason: 'no-ledger' })
      await expect(recommendTo(service, 'i1')).rejects.toMatchObject({ reason: 'no-ledger' })
      broken = false
    },
    { disk },
  )
  await installation.serve(async (service) => {
    expect(outcomeOf(await recommendTo(service, 'i1'))).toEqual(['P1', 'P2', 'P4', 'P5'])
  })
  expect(await enteredBefore(entriesIn(log()))).toEqual({ judged: 1, beforeFirst: 0, unentered: [] })
})

test('where nothing can be entered at the opening, what was recorded is read, and nothing is decided', async () => {
  const given = await installation.serve(async (service) => {
    await service.putInvestor(defaultFirm, fitInvestor('i1'))
    return recommendTo(service, 'i1')
  })
  const home = await installation.open()
  await home.catalogueLog.append([fitProduct('P3', { status: 'suspended' })], startOfTest)
  await home.close()
  let syncs = 0
  // Those of the recovery go well, of the ledger and of what was sealed.
  const disk: typeof nodeDisk = {
    ...nodeDisk,
    datasync: (file) => (syncs++ < 2 ? nodeDisk.datasync(file) : Promise.reject(new Error('EIO'))),
  }
  await installation.serve(
    async (service) => {
      expect('decision' in given && (await service.audit.decision(defaultFirm, given.decisionId))).not.toBeNull()
      await expect(recommendTo(service, 'i1')).rejects.toMatchObject({ reason: 'no-ledger' })
    },
    { disk },
  )
})

test('an alarm where the bitsets permit what the reference rejects: left out, told, entered', async () => {
  await installation.serve(
    async (service, home, { ledger }) => {
      await service.putInvestor(defaultFirm, fitInvestor('i1'))
      const catalogue = await service.putProduct(fitProduct('P3', { status: 'suspended' }))
      const [pack, i1] = [home.packs.of(defaultFirm), fitInvestor('i1')]
      const investor = { profile: i1, knownAt: startOfTest - dayMs, behaviour: { purchased: [], viewed: [] } }
      // The verdicts of a class are shared and never written to: here one bit of them is.
      const { permitted } = compiledFor(catalogue, pack).judge(subjectOf(investor, 'push', pack, startOfTest))
      setBit(permitted, catalogue.ordinalOf.get(fitProduct('P3').id) ?? -1)
      const given = await recommendTo(service, 'i1')
      expect(outcomeOf(given)).toEqual(['P1', 'P2', 'P4', 'P5'])
      const alarm = { decisionId: 'decisionId' in given ? given.decisionId : '', count: 1 }
      expect(await ledger.latest('recheck-disagreement')).toMatchObject(alarm)
      expect((await typesOf(ledger)).slice(-2)).toEqual(['decision', 'recheck-disagreement'])
    },
    { onDisagreement: (found) => expect(found).toMatchObject([{ count: 1, catalogue: 2 }]) },
  )
})
