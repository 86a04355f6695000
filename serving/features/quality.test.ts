import { writeFile } from 'node:fs/promises'
import { type FeatureQuality } from './quality.js'
import { readReference } from './readReference.js'
import { investorVector, productVector } from '../../features/definitions/vectors.js'
import { Event } from '../../features/schema/event.js'
import { Digest, InvestorId } from '../../features/schema/ids.js'
import { formatInstant } from '../../features/schema/time.js'
import { referenceOf } from '../../features/quality/reference.js'
import { BlobError } from '../../storage/blobs.js'
import { randomModel } from '../../tests/randomRelease.js'
import { fitInvestor, type Installation, realInstallation, recommendTo, startOfTest } from '../../tests/realService.js'
import { defaultFirm } from '../investorKey.js'
import { type Home } from '../home.js'

let installed: Installation
beforeEach(async () => (installed = await realInstallation()))
afterEach(() => installed.destroy())

const horizons = (months: number, count: number) =>
  Array.from({ length: count }, () => {
    const profile = fitInvestor('trained', { horizonMonths: months })
    return investorVector({ profile, knownAt: startOfTest - 1, behaviour: { purchased: [], viewed: [] } }, startOfTest)
  })

/** A release whose training set were 500 investors of 36 months. */
const activate = async (home: Home, seed: number): Promise<void> => {
  const catalogue = await home.catalogueLog.head()
  const products = catalogue.products.map((product) => productVector(product, startOfTest))
  const featureReference = referenceOf(startOfTest, horizons(36, 500), products)
  const built = await home.releases.build(randomModel(installed.products, 8, seed), catalogue, null, {
    featureReference,
  })
  await home.releases.activate(built)
}
const horizonOf = ({ features }: FeatureQuality) => features.find(({ name }) => name === 'horizon')
const counted = (quality: FeatureQuality): number => horizonOf(quality)?.missing.now.of ?? 0

test('personal decisions are counted, by the release in force; nobody else’s', () =>
  installed.serve(async (service, home) => {
    await activate(home, 2)
    await service.reload()
    expect(await service.featureQuality()).toMatchObject({ reference: 'kept', trainedAsOf: startOfTest })
    await service.putInvestor(defaultFirm, fitInvestor('ann', { horizonMonths: 36 }))
    const optedOut = { consents: { profiling: true, personalisation: false } }
    await service.putInvestor(defaultFirm, fitInvestor('ben', optedOut))
    installed.clock.now += 60_000
    await recommendTo(service, 'ann')
    await recommendTo(service, 'ann', installed.clock.now)
    await recommendTo(service, 'ben')
    await recommendTo(service, 'nobody')
    const quality = await service.featureQuality()
    expect(counted(quality)).toBe(1)
    expect(horizonOf(quality)).toMatchObject({ psi: 0, drift: 'unknown' })
    installed.clock.now += 25 * 3_600_000
    expect(counted(await service.featureQuality())).toBe(0)
    await recommendTo(service, 'ann')
    expect(counted(await service.featureQuality())).toBe(1)
    await activate(home, 3)
    await service.reload()
    expect(counted(await service.featureQuality())).toBe(0)
    // The first decision by a release finds its reference unread, and is not counted; the next ones are.
    await activate(home, 4)
    await service.reload()
    await recommendTo(service, 'ann')
    expect(counted(await service.featureQuality())).toBe(0)
    await recommendTo(service, 'ann')
    const anew = await service.featureQuality()
    expect(anew.release).toBe(await home.releases.active())
    expect(counted(anew)).toBe(1)
  }))

test('investors who are not like those of the training set show as drift', () =>
  installed.serve(async (service, home) => {
    await activate(home, 2)
    await service.reload()
    await service.featureQuality()
    await service.putInvestor(defaultFirm, fitInvestor('ann', { horizonMonths: 60 }))
    await service.putInvestor(defaultFirm, fitInvestor('ben', { horizonMonths: 36 }))
    installed.clock.now += 60_000
    for (let n = 0; n < 200; n++) await recommendTo(service, n % 2 === 0 ? 'ann' : 'ben')
    const [first] = (await service.featureQuality()).features
    // 0.5 of 1 moved into an empty bin: 0.4999 ln 5000 + 0.5 ln 2; one full bin, so chance alone gives nothing.
    expect(first).toMatchObject({ name: 'horizon', drift: 'much', byChance: 0 })
    expect(first?.psi).toBeCloseTo(4.6043, 3)
  }))

test('a release without a reference, or with a damaged one, serves; the quality says which', () =>
  installed.serve(async (service, home) => {
    await service.putInvestor(defaultFirm, fitInvestor('ann', { incomeBand: null }))
    installed.clock.now += 60_000
    expect(await service.featureQuality()).toMatchObject({ reference: 'none', trainedAsOf: null })
    await recommendTo(service, 'ann')
    const found = (await service.featureQuality()).features.find(({ name }) => name === 'income_band')
    expect(found).toMatchObject({ psi: null, missing: { now: { share: 1, of: 1 } } })
    await activate(home, 2)
    const [, { manifest }] = (await home.releases.list()) as [unknown, { manifest: { featureReference: string } }]
    await writeFile(home.blobs.path(manifest.featureReference), 'damaged')
    await service.reload()
    expect(await service.featureQuality()).toMatchObject({ reference: 'unreadable', trainedAsOf: null })
    await recommendTo(service, 'ann')
    expect(counted(await service.featureQuality())).toBe(1)
  }))

test('a reference that is lost or damaged is told; what is a bug is not hidden', async () => {
  const failing = (error: Error) => readReference({ featureReference: () => Promise.reject(error) }, digest)
  const digest = Digest.parse(`sha256:${'0'.repeat(64)}`)
  expect(await failing(new BlobError('blob-absent', 'gone'))).toBe('unreadable')
  expect(await failing(new SyntaxError('no JSON'))).toBe('unreadable')
  await expect(failing(new TypeError('a bug'))).rejects.toThrow('a bug')
})

test('freshness of each source; the store does not lag; a restart knows it from the history', async () => {
  const event = (id: string, before: number) =>
    Event.parse({
      type: 'view',
      eventId: id,
      investorId: InvestorId.parse('ann'),
      productId: 'P1',
      occurredAt: formatInstant(startOfTest - before),
    })
  const ages = ({ freshness }: FeatureQuality) =>
    Object.fromEntries(freshness.map(({ source, seconds }) => [source, Math.round(seconds ?? -1)]))
  await installed.serve(async (service) => {
    expect(ages(await service.featureQuality())).toEqual({ nav: 15 * 3600, catalogue: 86_400 })
    await service.putInvestor(defaultFirm, fitInvestor('ann'))
    installed.clock.now += 60_000
    await service.addEvents(defaultFirm, [event('e1', 86_400_000)])
    installed.clock.now += 30_000
    // Known already: nothing new.
    await service.addEvents(defaultFirm, [event('e1', 86_400_000)])
    const quality = await service.featureQuality()
    expect(ages(quality)).toEqual({
      'profiles:api': 90,
      'events:api': 30,
      nav: 15 * 3600 + 90,
      catalogue: 86_400 + 90,
    })
    expect(quality.storeLagRows).toBe(0)
  })
  await installed.serve(async (service) => {
    expect(ages(await service.featureQuality())).toMatchObject({ 'profiles:api': 90, 'events:api': 30 })
  })
})
