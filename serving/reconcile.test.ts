import { storedVector } from '../features/definitions/vectors.js'
import { Event } from '../features/schema/event.js'
import { type InvestorId } from '../features/schema/ids.js'
import { formatInstant } from '../features/schema/time.js'
import { fitInvestor, type Installation, realInstallation, startOfTest } from '../tests/realService.js'
import { type Home } from './home.js'
import { defaultFirm } from './investorKey.js'
import { reconcile } from './reconcile.js'

let installation: Installation
beforeEach(async () => {
  installation = await realInstallation()
})
afterEach(() => installation.destroy())

const purchase = (eventId: string, investorId: string): Event =>
  Event.parse({
    type: 'purchase',
    eventId,
    investorId,
    productId: 'P2',
    amount: { minor: 100, currency: 'CNY' },
    occurredAt: formatInstant(startOfTest - 60_000),
  })
const look = ({ history, store }: Home, repair: boolean, sample: number | null = null, seed = 1) =>
  reconcile(history, store, {
    sample,
    seed,
    repair,
    vectorOf: (account) => storedVector(account, startOfTest, () => undefined),
  })
const clean = { drifted: 0, missing: 0, unknown: 0, byField: {}, byFeature: {}, examples: [], repaired: 0 }

test('what was streamed is the fold of the history; each drift is told by field and feature, and put right', () =>
  installation.serve(async (service, home) => {
    for (const id of ['i1', 'i2', 'i3', 'i4']) {
      await service.putInvestor(defaultFirm, fitInvestor(id))
      await service.addEvents(defaultFirm, [purchase(`${id}-a`, id), purchase(`${id}-b`, id)])
    }
    expect(await look(home, false)).toEqual({ ...clean, compared: 4 })

    const [i1, i2, i3] = ['i1', 'i2', 'i3'] as InvestorId[]
    const right = await home.history.accountAsOf(i2!, startOfTest + 1e9)
    await home.store.addEvents([{ knownAt: startOfTest, value: purchase('i1-a', 'i1') }])
    await home.store.putAccounts([
      { ...right!, profile: { ...right!.profile, horizonMonths: 5 } },
      { ...right!, profile: { ...right!.profile, id: 'stranger' as InvestorId } },
    ])
    await home.store.delete(i3!)
    const drift = {
      compared: 4,
      drifted: 4,
      missing: 1,
      unknown: 1,
      examples: ['i1', 'i2', 'i3', 'stranger'],
      byField: { 'behaviour.purchased': 1, daily: 1, 'profile.horizonMonths': 1 },
    }
    const seen = await look(home, false)
    expect(seen).toMatchObject({ ...drift, repaired: 0 })
    expect(Object.keys(seen.byField).filter((name) => name.startsWith('trades'))).toHaveLength(1)
    expect(seen.byFeature).toMatchObject({ 'horizon@1': 1, 'purchase_count@1': 1 })

    expect(await look(home, true)).toMatchObject({ ...drift, repaired: 4 })
    expect(await look(home, false)).toEqual({ ...clean, compared: 4 })
    expect(await home.store.account(i1!)).toEqual(await home.history.accountAsOf(i1!, startOfTest + 1e9))
  }))

test('a sample compares so many, others by another seed, and finds whom the store lacks', () =>
  installation.serve(async (service, home) => {
    const ids = Array.from({ length: 12 }, (_, n) => `i${n}`)
    for (const id of ids) {
      await service.putInvestor(defaultFirm, fitInvestor(id))
      await service.putInvestor(defaultFirm, fitInvestor(id, { horizonMonths: 24 }))
      await home.store.delete(id as InvestorId)
    }
    const drawn = async (seed: number) => (await look(home, false, 4, seed)).examples
    const [first, again, other] = [await drawn(1), await drawn(1), await drawn(2)]
    expect(new Set(first).size).toBe(4)
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
    const often = new Set<string>()
    for (let seed = 0; seed < 30; seed += 1) for (const id of await drawn(seed)) often.add(id)
    expect(often.size).toBe(12)
    expect(await look(home, false, 50)).toMatchObject({ compared: 12, missing: 12 })
  }))
