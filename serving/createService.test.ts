import { keyOf, defaultFirm } from './investorKey.js'
import { InvestorId, type ProductId } from '../features/schema/ids.js'
import { type InvestorStore } from '../features/store/port.js'
import { type Home } from './home.js'
import { type Service } from './service.js'
import { nodeDisk } from '../storage/segmentDisk.js'
import {
  filesWith,
  fitInvestor,
  fitProduct,
  type Installation,
  outcomeOf,
  realInstallation,
  recommendTo,
  startOfTest,
} from '../tests/realService.js'

const dayMs = 86_400_000
const all = ['P1', 'P2', 'P3', 'P4', 'P5']
const i1 = InvestorId.parse('i1')

let installation: Installation
beforeEach(async () => {
  installation = await realInstallation()
})
afterEach(() => installation.destroy())

const put = (service: Service, id: string, changes: Parameters<typeof fitInvestor>[1] = {}): Promise<void> =>
  service.putInvestor(defaultFirm, fitInvestor(id, changes))
const withdrawn = { consents: { profiling: false, personalisation: false } }
const withStore =
  (changes: (store: InvestorStore) => Partial<InvestorStore>) =>
  (home: Home): Home => ({ ...home, store: { ...home.store, ...changes(home.store) } })
const crash = (): Promise<never> => Promise.reject(new Error('a crash here'))
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

test('profile in, slate out; a suspension and a withdrawn consent bind at once', () =>
  installation.serve(async (service) => {
    await put(service, 'i1')
    expect(outcomeOf(await recommendTo(service, 'i1'))).toEqual(all)
    await service.putProduct(fitProduct('P3', { status: 'suspended' }))
    expect(outcomeOf(await recommendTo(service, 'i1'))).toEqual(['P1', 'P2', 'P4', 'P5'])
    await put(service, 'i1', withdrawn)
    expect(outcomeOf(await recommendTo(service, 'i1'))).toBe('consent-missing')
  }))

test('facts on record from later on do not make a PUT ineffective', async () => {
  const { serve, open } = installation
  const home = await open()
  await home.catalogueLog.append([fitProduct('P3')], startOfTest + 30 * dayMs)
  await home.history.appendInvestors([{ knownAt: startOfTest + 30 * dayMs, value: fitInvestor('i1') }], 'import')
  await home.refill()
  await home.close()
  await serve(async (service) => {
    const put3 = await service.putProduct(fitProduct('P3', { status: 'suspended' }))
    expect(put3.products.find(({ id }) => id === ('P3' as ProductId))?.status).toBe('suspended')
    await put(service, 'i2')
    const given = await recommendTo(service, 'i2')
    expect(outcomeOf(given)).toEqual(['P1', 'P2', 'P4', 'P5'])
    // And no decision is moved there.
    expect('decision' in given && given.decision.at < startOfTest + dayMs).toBe(true)
    await put(service, 'i1', withdrawn)
    expect(outcomeOf(await recommendTo(service, 'i1'))).toBe('consent-missing')
  })
})

test('a clock that steps back over a restart is harmless', async () => {
  const { serve, clock } = installation
  await serve(async (service) => {
    await put(service, 'i1')
    await service.putProduct(fitProduct('P1', { lockupDays: 0 }))
  })
  clock.now -= 600_000
  await serve(async (service) => {
    expect(outcomeOf(await recommendTo(service, 'i1'))).toEqual(all)
    await service.putProduct(fitProduct('P1', { status: 'suspended' }))
    expect(outcomeOf(await recommendTo(service, 'i1'))).toEqual(['P2', 'P3', 'P4', 'P5'])
    await put(service, 'i1', withdrawn)
    expect(outcomeOf(await recommendTo(service, 'i1'))).toBe('consent-missing')
  })
})

test('nor is one that steps back after a profile was put', async () => {
  const { serve, clock } = installation
  clock.now += 3_600_000
  await serve((service) => put(service, 'i1'))
  clock.now -= 3_600_000
  await serve(async (service) => {
    expect(outcomeOf(await recommendTo(service, 'i1'))).toEqual(all)
    await put(service, 'i1')
    expect(outcomeOf(await recommendTo(service, 'i1'))).toEqual(all)
  })
})

test('a crash between history and store: the next opening serves what the history holds', async () => {
  const { serve } = installation
  await serve((service) => put(service, 'i1'))
  await serve((service) => expect(put(service, 'i1', withdrawn)).rejects.toThrow('a crash here'), {
    home: withStore(() => ({ putProfiles: crash })),
  })
  await serve(async (service) => expect(outcomeOf(await recommendTo(service, 'i1'))).toBe('consent-missing'))
})

test('a store that fails once is given what it missed before it is read again', async () => {
  const { serve } = installation
  let failing = false
  await serve(
    async (service) => {
      await put(service, 'i1')
      failing = true
      await expect(put(service, 'i1', withdrawn)).rejects.toThrow('a crash here')
      await expect(recommendTo(service, 'i1')).rejects.toThrow('a crash here')
      failing = false
      expect(outcomeOf(await recommendTo(service, 'i1'))).toBe('consent-missing')
    },
    {
      home: withStore((store) => ({
        putProfiles: (...given) => (failing ? crash() : store.putProfiles(...given)),
        putAccounts: (...given) => (failing ? crash() : store.putAccounts(...given)),
      })),
    },
  )
})

test('profiles put at once are all in both places', async () => {
  const { serve } = installation
  const ids = Array.from({ length: 40 }, (_, n) => `j${n}`)
  await serve(async (service, home) => {
    await Promise.all(ids.map((id) => put(service, id)))
    for (const id of ids) expect((await service.investor(defaultFirm, InvestorId.parse(id)))?.profile.id).toBe(id)
    expect(await home.store.takenIn()).toBe(await home.history.sequence())
    expect((await home.history.counts()).investors).toBe(ids.length)
  })
})

test.each(['delete', 'history'] as const)(
  'an erasure cut short at the %s is finished at the next opening',
  async (where) => {
    const { serve, open, dir } = installation
    const given = await serve(async (service) => {
      await put(service, 'i1')
      return recommendTo(service, 'i1')
    })
    const broken = (home: Home): Home =>
      where === 'delete'
        ? withStore(() => ({ delete: crash }))(home)
        : { ...home, history: { ...home.history, eraseInvestor: crash } }
    await serve(
      async (service) => {
        await expect(service.eraseInvestor(defaultFirm, i1)).rejects.toThrow('a crash here')
        // Begun is enough: nobody reads him any more.
        expect(await service.investor(defaultFirm, i1)).toBeNull()
        expect(outcomeOf(await recommendTo(service, 'i1'))).toBe('unknown')
      },
      { home: broken },
    )
    // A command that opens the directory alone does not find him either.
    const home = await open()
    expect([await home.store.get(i1), await home.history.investorAsOf(i1, startOfTest + dayMs)]).toEqual([null, null])
    await home.close()
    await serve(async (service, home) => {
      expect(home.erasures.underWay()).toEqual([])
      expect(await service.investor(defaultFirm, i1)).toBeNull()
      expect(await home.history.investorAsOf(i1, startOfTest + dayMs)).toBeNull()
      expect('decision' in given && (await service.audit.decision(defaultFirm, given.decisionId))?.inputs).toBe(
        'erased',
      )
    })
    expect(await filesWith(dir, 'questionnaire-of-i1')).toEqual([])
  },
)

test('what is erased is in no file, and a later profile of the same id is a new one', async () => {
  const { serve, dir } = installation
  await serve(async (service) => {
    for (const id of ['i1', 'i2']) await put(service, id)
    await recommendTo(service, 'i1')
    expect(await service.eraseInvestor(defaultFirm, i1)).not.toBeNull()
    expect(await service.eraseInvestor(defaultFirm, i1)).toBeNull()
  })
  expect(await filesWith(dir, 'questionnaire-of-i1')).toEqual([])
  expect(await filesWith(dir, 'questionnaire-of-i2')).not.toEqual([])
  await serve(async (service) => {
    await put(service, 'i1', withdrawn)
    expect(outcomeOf(await recommendTo(service, 'i1'))).toBe('consent-missing')
  })
})

test('the store that holds somebody whom the history lacks loses him when it is filled again', async () => {
  const { open } = installation
  const home = await open()
  await home.store.putProfiles([{ knownAt: 1, value: fitInvestor('stranger') }])
  await home.refill()
  expect(await home.store.get(InvestorId.parse('stranger'))).toBeNull()
  await home.close()
})

test('a decision under way when its person is erased does not bring him back', async () => {
  const { serve } = installation
  await serve((service) => put(service, 'i1'))
  await serve(
    async (service, _, record) => {
      const deciding = recommendTo(service, 'i1')
      await wait(20)
      const erasing = service.eraseInvestor(defaultFirm, i1)
      const putting = put(service, 'i1', withdrawn)
      expect(outcomeOf(await deciding)).toEqual(all)
      expect(await erasing).not.toBeNull()
      await putting
      expect(await record.persons.pseudonymOf(defaultFirm, i1)).toBeNull()
      expect((await service.investor(defaultFirm, i1))?.profile.consents.profiling).toBe(false)
    },
    {
      home: withStore((store) => ({
        get: async (id) => {
          const found = await store.get(id)
          await wait(100)
          return found
        },
      })),
    },
  )
})

test('instant, catalogue and release are those of one moment, after the store has answered', async () => {
  const { serve } = installation
  await serve((service) => put(service, 'i1'))
  await serve(
    async (service) => {
      const deciding = recommendTo(service, 'i1')
      await wait(10)
      const { revision } = await service.putProduct(fitProduct('P3', { status: 'suspended' }))
      const given = await deciding
      expect(outcomeOf(given)).toEqual(['P1', 'P2', 'P4', 'P5'])
      expect('decision' in given && given.decision.catalogue.revision).toBe(revision)
    },
    { home: withStore((store) => ({ get: (id) => wait(150).then(() => store.get(id)) })) },
  )
})

test('readiness tells of a ledger that failed', async () => {
  let broken = false
  const failing = (): Promise<never> => Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' }))
  const disk: typeof nodeDisk = { ...nodeDisk, datasync: (file) => (broken ? failing() : nodeDisk.datasync(file)) }
  await installation.serve(
    async (service) => {
      await put(service, 'i1')
      expect(service.readiness().ready).toBe(true)
      broken = true
      await expect(recommendTo(service, 'i1')).rejects.toMatchObject({ reason: 'no-ledger' })
      expect(service.readiness()).toMatchObject({ ready: false, reason: 'no-ledger' })
      await expect(recommendTo(service, 'i1')).rejects.toMatchObject({ reason: 'no-ledger' })
      broken = false
    },
    { disk },
  )
})

test('a rule pack that is not in force yet makes it unready', async () => {
  const { serve, clock } = installation
  clock.now = Date.parse('2001-01-01T00:00:00Z')
  await serve(async (service) => {
    expect(service.readiness()).toMatchObject({ ready: false, reason: 'no-rule-pack' })
    await expect(recommendTo(service, 'i1')).rejects.toMatchObject({ reason: 'no-rule-pack' })
  })
})

test('firms do not share an investor, nor his erasure', () =>
  installation.serve(async (service) => {
    const acme = 'acme' as typeof defaultFirm
    await put(service, 'i1')
    await service.putInvestor(acme, fitInvestor('i1', withdrawn))
    expect(keyOf(acme, i1)).not.toBe(keyOf(defaultFirm, i1))
    const given = await service.recommend({ firmId: acme, investorId: i1, size: 1, scene: 'home', exclude: [] })
    expect(outcomeOf(given)).toBe('consent-missing')
    const shown = 'decision' in given ? await service.audit.decision(acme, given.decisionId) : null
    expect(shown?.inputs).toMatchObject({ investor: { profile: { id: 'i1' } } })
    expect(await service.eraseInvestor(acme, i1)).not.toBeNull()
    expect(outcomeOf(await recommendTo(service, 'i1'))).toEqual(all)
  }))
