import { join } from 'node:path'
import { encode } from 'cborg'
import fc from 'fast-check'
import { defaultFirm, keyOf } from './investorKey.js'
import { foldTrades } from '../features/definitions/holdings.js'
import { Event } from '../features/schema/event.js'
import { EventId, FirmId, InvestorId, type ProductId } from '../features/schema/ids.js'
import { formatInstant } from '../features/schema/time.js'
import { type History } from '../features/history/port.js'
import { type InvestorStore } from '../features/store/port.js'
import { openForgettingLmdb } from '../storage/forgettingLmdb.js'
import { folders, type Home } from './home.js'
import { type Service } from './service.js'
import { anyTrade, tradeRecord } from '../tests/randomTrades.js'
import {
  filesWith,
  fitInvestor,
  type Installation,
  outcomeOf,
  realInstallation,
  recommendTo,
  startOfTest,
} from '../tests/realService.js'

const i1 = InvestorId.parse('i1')
const acme = FirmId.parse('acme')

let installation: Installation
beforeEach(async () => {
  installation = await realInstallation()
})
afterEach(() => installation.destroy())

const purchase = (eventId: string, changes: Record<string, unknown> = {}): Event =>
  Event.parse({
    type: 'purchase',
    eventId,
    investorId: 'i1',
    productId: 'P2',
    occurredAt: formatInstant(startOfTest - 60_000),
    ...changes,
  })
const purchasedBy = async (service: Service, firm = defaultFirm): Promise<Record<string, number>> => {
  const found = await service.investor(firm, i1)
  return Object.fromEntries((found?.behaviour.purchased ?? []).map(({ productId, count }) => [productId, count]))
}
const withStore =
  (changes: (store: InvestorStore) => Partial<InvestorStore>) =>
  (home: Home): Home => ({ ...home, store: { ...home.store, ...changes(home.store) } })
const withHistory =
  (changes: (history: History) => Partial<History>) =>
  (home: Home): Home => ({ ...home, history: { ...home.history, ...changes(home.history) } })
const crash = (): Promise<never> => Promise.reject(new Error('a crash here'))

test('a purchase changes the next slate: not the product again, and reasons from the new past; also after a restart', async () => {
  const { serve } = installation
  await serve(async (service) => {
    await service.putInvestor(defaultFirm, fitInvestor('i1'))
    const before = await recommendTo(service, 'i1')
    expect(outcomeOf(before)).toEqual(['P1', 'P2', 'P3', 'P4', 'P5'])
    expect(await service.addEvents(defaultFirm, [purchase('e1')])).toEqual({ accepted: 1, duplicates: 0 })
    const after = await recommendTo(service, 'i1')
    expect(outcomeOf(after)).toEqual(['P1', 'P3', 'P4', 'P5'])
    expect(scoresOf(after)).not.toEqual(scoresOf(before).filter(([id]) => id !== ('P2' as ProductId)))
  })
  await serve(async (service) => expect(outcomeOf(await recommendTo(service, 'i1'))).toEqual(['P1', 'P3', 'P4', 'P5']))
})

const scoresOf = (given: Awaited<ReturnType<typeof recommendTo>>): readonly (readonly [ProductId, number])[] =>
  'decision' in given && given.decision.outcome.kind !== 'refusal'
    ? given.decision.outcome.slate.map(({ productId, score }) => [productId, score] as const)
    : []

const lotsOf = async (service: Service): Promise<unknown> => {
  const found = await service.investor(defaultFirm, i1)
  return found?.holdings.positions.map(({ productId, lots }) => [
    productId,
    lots.map(({ boughtAt, amount }) => [boughtAt - startOfTest, amount?.minor]),
  ])
}
const bought = (eventId: string, ago: number, minor: number, changes: object = {}): Event =>
  purchase(eventId, {
    occurredAt: formatInstant(startOfTest - ago),
    amount: { minor, currency: 'CNY' },
    ...changes,
  })

test('holdings are lots, first in, first out, in whichever order the events arrive; also after a restart', async () => {
  const { serve } = installation
  const left = [['P2', [[-20, 50]]]]
  await serve(async (service) => {
    await service.putInvestor(defaultFirm, fitInvestor('i1'))
    await service.addEvents(defaultFirm, [bought('e2', 20, 100), bought('e3', 10, 150, { type: 'redemption' })])
    expect(await lotsOf(service)).toEqual([['P2', []]])
    await service.addEvents(defaultFirm, [bought('e1', 30, 100)])
    expect(await lotsOf(service)).toEqual(left)
    await service.addEvents(defaultFirm, [bought('e1', 30, 100)])
    expect(await lotsOf(service)).toEqual(left)
  })
  await serve(async (service) => expect(await lotsOf(service)).toEqual(left))
})

test('online and from the history: the same account, whatever was done, and however it was parted', () =>
  installation.serve(async (service, home) => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(anyTrade, { minLength: 1, maxLength: 30 }), fc.nat(30), async (drawn, cut) => {
        run += 1
        const id = `r${run}`
        await service.putInvestor(defaultFirm, fitInvestor(id))
        const events = drawn.map((trade, n) => tradeRecord(`${id}-${n}`, id, trade).value)
        for (const part of [events.slice(0, cut), events.slice(cut)])
          if (part.length > 0) await service.addEvents(defaultFirm, part)
        const key = keyOf(defaultFirm, InvestorId.parse(id))
        const online = await home.store.account(key)
        expect(online?.trades).toEqual(foldTrades(events))
        expect(await home.history.accountAsOf(key, startOfTest + 1e9)).toEqual(online)
      }),
      { numRuns: 15 },
    )
  }))

test('a decision seals what it read of the investor, and that is not what he holds', () =>
  installation.serve(async (service) => {
    await service.putInvestor(defaultFirm, fitInvestor('i1'))
    await service.addEvents(defaultFirm, [bought('e1', 30, 100)])
    for (const asOf of [undefined, startOfTest + 1_000]) {
      const given = await recommendTo(service, 'i1', asOf)
      const decision = 'decisionId' in given ? await service.audit.decision(defaultFirm, given.decisionId) : null
      expect(Object.keys((decision?.inputs as { investor: object }).investor).sort()).toEqual([
        'behaviour',
        'knownAt',
        'profile',
      ])
    }
  }))

test('a store of before trades were folded is filled again from the history', async () => {
  const { serve, dir } = installation
  await serve(async (service) => {
    await service.putInvestor(defaultFirm, fitInvestor('i1'))
    await service.addEvents(defaultFirm, [bought('e1', 30, 100)])
  })
  const online = await openForgettingLmdb(join(dir, folders.online))
  await online.transact(({ get, put, remove }) => {
    const key = keyOf(defaultFirm, i1)
    const noted = get('!taken-in-4')
    if (get(key) === undefined || noted === undefined) throw new Error('the store is not laid out as this test has it')
    put(key, new Uint8Array([1, ...encode([0, null, ['P2', 1, 5], []])]))
    put('!taken-in', noted)
    remove('!taken-in-4')
  })
  await online.close()
  await serve(async (service) => expect(await lotsOf(service)).toEqual([['P2', [[-30, 100]]]]))
})

test('an event id counts once: in a request, in two, at once, and after a restart', async () => {
  const { serve } = installation
  await serve(async (service) => {
    await service.putInvestor(defaultFirm, fitInvestor('i1'))
    const twice = [purchase('e1'), purchase('e1')]
    expect(await service.addEvents(defaultFirm, twice)).toEqual({ accepted: 1, duplicates: 1 })
    expect(await service.addEvents(defaultFirm, twice)).toEqual({ accepted: 0, duplicates: 2 })
    const atOnce = await Promise.all([1, 2, 3].map(() => service.addEvents(defaultFirm, [purchase('e2')])))
    expect(atOnce.map((taken) => 'accepted' in taken && taken.accepted)).toEqual([1, 0, 0])
    expect(await purchasedBy(service)).toEqual({ P2: 2 })
  })
  await serve(async (service) => {
    expect(await service.addEvents(defaultFirm, [purchase('e1')])).toEqual({ accepted: 0, duplicates: 1 })
    expect(await purchasedBy(service)).toEqual({ P2: 2 })
  })
})

test('one fault, and nothing of the request is taken in', () =>
  installation.serve(async (service, home) => {
    await service.putInvestor(defaultFirm, fitInvestor('i1'))
    const later = formatInstant(startOfTest + 5 * 60_000 + 1)
    const events = [
      purchase('e1'),
      purchase('e2', { investorId: 'nobody' }),
      purchase('e3', { occurredAt: later }),
      purchase('e4', { occurredAt: formatInstant(startOfTest + 5 * 60_000) }),
    ]
    expect(await service.addEvents(defaultFirm, events)).toEqual({
      faults: [
        { place: 1, code: 'unknown-investor' },
        { place: 2, code: 'occurred-later' },
      ],
    })
    expect([(await home.history.counts()).events, await purchasedBy(service)]).toEqual([0, {}])
  }))

test('firms share neither investors nor event ids', () =>
  installation.serve(async (service) => {
    await service.putInvestor(defaultFirm, fitInvestor('i1'))
    expect(await service.addEvents(acme, [purchase('e1')])).toMatchObject({ faults: [{ code: 'unknown-investor' }] })
    await service.putInvestor(acme, fitInvestor('i1'))
    expect(await service.addEvents(acme, [purchase('e1')])).toEqual({ accepted: 1, duplicates: 0 })
    expect([await purchasedBy(service), await purchasedBy(service, acme)]).toEqual([{}, { P2: 1 }])
    expect(await service.addEvents(defaultFirm, [purchase('e1')])).toEqual({ accepted: 1, duplicates: 0 })
    expect(keyOf(acme, EventId.parse('e1'))).not.toBe(keyOf(defaultFirm, EventId.parse('e1')))
  }))

test('what an erased person did is in no file, and a profile put later begins without it', async () => {
  const { serve, dir } = installation
  await serve(async (service) => {
    for (const id of ['i1', 'i2']) await service.putInvestor(defaultFirm, fitInvestor(id))
    const of2 = purchase('event-of-2', { investorId: 'i2' })
    await service.addEvents(defaultFirm, [purchase('event-of-1'), of2])
    expect(await service.eraseInvestor(defaultFirm, i1)).not.toBeNull()
    expect(await service.addEvents(defaultFirm, [purchase('e2')])).toMatchObject({
      faults: [{ code: 'unknown-investor' }],
    })
    await service.putInvestor(defaultFirm, fitInvestor('i1'))
    expect(await purchasedBy(service)).toEqual({})
  })
  expect(await filesWith(dir, 'event-of-1')).toEqual([])
  expect(await filesWith(dir, 'event-of-2')).not.toEqual([])
})

test('a crash between history and store is made good at the next opening', async () => {
  const { serve } = installation
  await serve((service) => service.putInvestor(defaultFirm, fitInvestor('i1')))
  await serve((service) => expect(service.addEvents(defaultFirm, [purchase('e1')])).rejects.toThrow('a crash here'), {
    home: withStore(() => ({ addEvents: crash })),
  })
  await serve(async (service) => expect(await purchasedBy(service)).toEqual({ P2: 1 }))
})

test.each(['before', 'after'] as const)(
  'a store that fails once, %s it folded, counts each event once',
  async (when) => {
    const { serve } = installation
    let failing = false
    await serve(
      async (service, home) => {
        await service.putInvestor(defaultFirm, fitInvestor('i1'))
        failing = true
        await expect(service.addEvents(defaultFirm, [purchase('e1')])).rejects.toThrow('a crash here')
        failing = false
        const both = [purchase('e1'), purchase('e2')]
        expect(await service.addEvents(defaultFirm, both)).toEqual({ accepted: 1, duplicates: 1 })
        expect(await purchasedBy(service)).toEqual({ P2: 2 })
        expect(await home.store.takenIn()).toBe(await home.history.sequence())
      },
      {
        home: withStore((store) => ({
          addEvents: async (events, takenIn) => {
            if (!failing || when === 'after') await store.addEvents(events, takenIn)
            if (failing) await crash()
          },
        })),
      },
    )
  },
)

test('an append that fails after it was visible is found in the store too', async () => {
  const { serve } = installation
  let failing = false
  await serve(
    async (service) => {
      await service.putInvestor(defaultFirm, fitInvestor('i1'))
      failing = true
      await expect(service.addEvents(defaultFirm, [purchase('e1')])).rejects.toThrow('a crash here')
      failing = false
      expect(await purchasedBy(service)).toEqual({ P2: 1 })
      expect(await service.addEvents(defaultFirm, [purchase('e1')])).toEqual({ accepted: 0, duplicates: 1 })
    },
    {
      home: withHistory((history) => ({
        appendEvents: async (...given) => {
          const taken = await history.appendEvents(...given)
          return failing ? crash() : taken
        },
      })),
    },
  )
})

test('requests that wait share an append; profiles and erasures between them keep their order', async () => {
  const { serve } = installation
  const [ids, appends] = [Array.from({ length: 40 }, (_, n) => `j${n}`), { count: 0 }]
  await serve(
    async (service, home) => {
      await Promise.all(ids.map((id) => service.putInvestor(defaultFirm, fitInvestor(id))))
      const requests = ids.map((id, n) => [
        purchase(`e${n}`, { investorId: id }),
        purchase(`f${n}`, { investorId: ids[(n + 7) % 40], productId: 'P3' }),
      ])
      const [erased] = await Promise.all([
        service.eraseInvestor(defaultFirm, InvestorId.parse('j0')),
        ...requests.slice(1).map((events) => service.addEvents(defaultFirm, events)),
        service.putInvestor(defaultFirm, fitInvestor('j1', { horizonMonths: 60 })),
      ])
      expect(erased).not.toBeNull()
      expect(appends.count).toBeLessThan(10)
      const found = await service.investor(defaultFirm, InvestorId.parse('j8'))
      expect(found?.behaviour.purchased.map(({ productId }) => productId)).toEqual(['P2', 'P3'])
      expect((await service.investor(defaultFirm, InvestorId.parse('j1')))?.profile.horizonMonths).toBe(60)
      expect(await home.store.takenIn()).toBe(await home.history.sequence())
    },
    {
      home: withHistory((history) => ({
        appendEvents: (records, source) => {
          if (records.length > 0) appends.count += 1
          return history.appendEvents(records, source)
        },
      })),
    },
  )
})
