import { join, resolve } from 'node:path'
import { logFolder } from '../audit/ledger.js'
import { purchaseRecord } from '../audit/purchases.js'
import { type Record } from '../audit/record.js'
import { verifyLog } from '../audit/verify.js'
import { judgePurchase } from '../engine/purchase.js'
import { FirmId, InvestorId, type ProductId } from '../features/schema/ids.js'
import { nodeDisk } from '../storage/segmentDisk.js'
import { filesWith, fitInvestor, fitProduct, type Installation, realInstallation } from '../tests/realService.js'
import { folders } from './home.js'
import { defaultFirm as firmId } from './investorKey.js'
import { type PurchaseChecked, type PurchaseConfirmed } from './purchaseService.js'
import { type Service } from './service.js'

const investorId = InvestorId.parse('i1')
let installation: Installation
beforeEach(async () => {
  installation = await realInstallation()
})
afterEach(() => installation.destroy())

const assessed = fitInvestor('i1').riskAssessment
const c1 = fitInvestor('i1', { riskAssessment: assessed && { ...assessed, level: 'C1' } })
const asked = { firmId, investorId, productId: 'P1' as ProductId, amount: { minor: 100_000, currency: 'CNY' } }

/** R2 is above C1: notice, warning, insisting, the six disclosures. */
async function checked(service: Service): Promise<PurchaseChecked> {
  const given = await service.checkPurchase(asked)
  if (!('checkId' in given)) throw new Error('the check came to nothing')
  expect(given.check.steps.map(({ stepId }) => stepId)).toHaveLength(4)
  return given
}
async function confirmed(
  service: Service,
  { checkId, check }: PurchaseChecked,
  place: number,
): Promise<PurchaseConfirmed> {
  const { stepId, textDigest } = check.steps[place] ?? { stepId: 'none', textDigest: check.packDigest }
  const given = await service.confirmPurchase({ firmId, investorId, checkId, stepId, textDigest })
  if (typeof given === 'string' || 'unknownInvestor' in given) throw new Error('the check was not found')
  return given
}
const logOf = (dir: string): string => join(dir, folders.ledger, logFolder)

test('a dialogue goes on after a restart, from what the ledger holds', async () => {
  const { serve, dir } = installation
  const check = await serve(async (service) => {
    await service.putInvestor(firmId, c1)
    const given = await checked(service)
    for (const place of [0, 1]) expect((await confirmed(service, given, place)).refused).toBeNull()
    return given
  })
  await serve(async (service) => {
    expect((await confirmed(service, check, 1)).refused).toBe('already-confirmed')
    expect((await confirmed(service, check, 3)).refused).toBe('wrong-step')
    for (const place of [2, 3]) expect((await confirmed(service, check, place)).refused).toBeNull()
    const shown = await service.purchaseCheck(firmId, check.checkId)
    expect(shown?.permittedAt).toBe(shown?.confirmations.at(-1)?.entry.at)
    expect(shown?.confirmations.map(({ entry }) => entry.place)).toEqual([1, 2, 3, 4])
  })
  expect(await verifyLog(logOf(dir))).toMatchObject({ entries: 4 + 5, faults: [] })
})

test('a clock that steps back over a restart lets nobody confirm earlier than before', async () => {
  const { serve, clock } = installation
  const check = await serve(async (service) => {
    await service.putInvestor(firmId, c1)
    const given = await checked(service)
    clock.now += 600_000
    await confirmed(service, given, 0)
    return given
  })
  clock.now -= 600_000
  await serve(async (service) => {
    const { confirmedAt } = (await confirmed(service, check, 1)).dialogue
    expect(confirmedAt[1]).toBeGreaterThan(confirmedAt[0] ?? Infinity)
  })
})

test('of a step that is confirmed many times at once, one is recorded', () =>
  installation.serve(async (service) => {
    await service.putInvestor(firmId, c1)
    const given = await checked(service)
    const many = await Promise.all(Array.from({ length: 8 }, () => confirmed(service, given, 0)))
    expect(many.map(({ refused }) => refused).sort()).toEqual([...Array<string>(7).fill('already-confirmed'), null])
    expect((await service.purchaseCheck(firmId, given.checkId))?.confirmations).toHaveLength(1)
  }))

test('neither product, verdict, rules, steps nor texts stand in the ledger in clear; erased, in no file at all', async () => {
  const { serve, dir } = installation
  const words = ['CN-UP', 'unsuitability-notice', 'questionnaire-of-i1', 'confirms-for-himself', 'verdict', 'warn']
  const product = fitProduct('confirms-for-himself')
  const check = await serve(async (service) => {
    await service.putInvestor(firmId, c1)
    await service.putProduct(product)
    const given = await service.checkPurchase({ ...asked, productId: product.id })
    if (!('checkId' in given)) throw new Error('the check came to nothing')
    for (const place of [0, 1, 2, 3]) await confirmed(service, given, place)
    return given
  })
  for (const word of [...words, ...check.check.steps.map(({ textDigest }) => textDigest)])
    expect(await filesWith(join(dir, folders.ledger), word)).toEqual([])
  expect(await filesWith(join(dir, folders.ledger), check.checkId)).not.toEqual([])
  await serve(async (service) => {
    expect(await service.eraseInvestor(firmId, investorId)).not.toBeNull()
    const shown = await service.purchaseCheck(firmId, check.checkId)
    expect([shown?.facts, shown?.confirmations.length, shown?.permittedAt]).toEqual(['erased', 4, null])
  })
  expect(await filesWith(dir, 'questionnaire-of-i1')).toEqual([])
  expect(await verifyLog(logOf(dir))).toMatchObject({ entries: 5 + 5 + 1, faults: [] })
})

test('what was sealed is judged to the same again, under the pack and the catalogue that the entry names', () =>
  installation.serve(async (service, home) => {
    await service.putInvestor(firmId, c1)
    const { checkId } = await checked(service)
    await service.putProduct(fitProduct('P1', { status: 'suspended' }))
    const shown = await service.purchaseCheck(firmId, checkId)
    if (shown === null || shown.facts === 'erased') throw new Error('the check was not found')
    const { entry, facts } = shown
    const seen = await home.catalogueLog.asOf(entry.catalogue.revision, entry.catalogue.knownBefore)
    const product = seen.products.find(({ id }) => id === facts.check.request.productId)
    if (product === undefined) throw new Error('the product was not found')
    const pack = home.packs.of(firmId)
    expect(entry.packDigest).toBe(pack.digest)
    const again = judgePurchase(product, pack, facts.investor, facts.check.purchase, entry.at)
    expect(facts.check).toMatchObject({ ...again })
  }))

test('a confirmation of something else than was shown is told as damage', () =>
  installation.serve(async (service, _, record: Record) => {
    await service.putInvestor(firmId, c1)
    const { checkId, check } = await checked(service)
    const purchases = purchaseRecord(record)
    const recorded = await purchases.read(firmId, checkId)
    const other = check.steps[1]
    if (recorded === null || other === undefined) throw new Error('the check was not found')
    await purchases.confirm(recorded, other, check)
    await expect(service.purchaseCheck(firmId, checkId)).rejects.toThrow(/entry 5: it does not confirm what check/)
  }))

test('where the ledger cannot write, nothing is answered, and the dialogue stands where it stood', async () => {
  const { serve } = installation
  let broken = false
  const failing = (): Promise<never> => Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' }))
  const disk: typeof nodeDisk = { ...nodeDisk, datasync: (file) => (broken ? failing() : nodeDisk.datasync(file)) }
  const check = await serve(
    async (service) => {
      await service.putInvestor(firmId, c1)
      const given = await checked(service)
      await confirmed(service, given, 0)
      broken = true
      await expect(confirmed(service, given, 1)).rejects.toMatchObject({ reason: 'no-ledger' })
      await expect(service.checkPurchase(asked)).rejects.toMatchObject({ reason: 'no-ledger' })
      broken = false
      return given
    },
    { disk },
  )
  await serve(async (service) => {
    // The step may have reached the disk before the sync failed: then it counts, once.
    const { refused } = await confirmed(service, check, 1)
    expect(['already-confirmed', null]).toContain(refused)
    expect((await confirmed(service, check, 2)).refused).toBeNull()
  })
})

test('a purchase is checked without any release', async () => {
  const { serve } = installation
  await serve(
    async (service) => {
      await service.putInvestor(firmId, c1)
      expect(service.readiness()).toMatchObject({ ready: false, reason: 'no-release' })
      expect((await checked(service)).check.verdict).toBe('warn')
    },
    { home: (home) => ({ ...home, releases: { ...home.releases, active: () => Promise.resolve(null) } }) },
  )
})

test('a check under way when its person is erased does not bring him back', async () => {
  const { serve } = installation
  await serve((service) => service.putInvestor(firmId, c1))
  await serve(
    async (service, _, record) => {
      const checking = checked(service)
      const erasing = service.eraseInvestor(firmId, investorId)
      const { checkId } = await checking
      expect(await erasing).not.toBeNull()
      expect((await service.purchaseCheck(firmId, checkId))?.facts).toBe('erased')
      expect(await record.persons.pseudonymOf(firmId, investorId)).toBeNull()
    },
    {
      home: (home) => ({
        ...home,
        store: {
          ...home.store,
          account: async (id) => {
            const found = await home.store.account(id)
            await new Promise((resolve) => setTimeout(resolve, 100))
            return found
          },
        },
      }),
    },
  )
})

test('a firm’s own rules add their steps to its checks alone', async () => {
  const own = FirmId.parse('own-rules')
  const file = resolve('examples/firm-pack/firm.yaml')
  const tenants = await realInstallation({ firmPacks: [{ firmId: own, source: './firm.yaml', file }] })
  try {
    await tenants.serve(async (service) => {
      const { rating, ...rest } = fitProduct('P1')
      await service.putProduct({ ...rest, rating: rating && { ...rating, level: 'R4' } })
      const stepsFor = async (firm: FirmId): Promise<readonly string[]> => {
        await service.putInvestor(firm, fitInvestor('i1'))
        const given = await service.checkPurchase({ ...asked, firmId: firm })
        return 'checkId' in given ? given.check.steps.map(({ stepId }) => stepId) : []
      }
      expect(await stepsFor(firmId)).toEqual(['inform'])
      expect(await stepsFor(own)).toEqual(['inform', 'high-risk-information', 'time-to-think'])
    })
  } finally {
    await tenants.destroy()
  }
})
