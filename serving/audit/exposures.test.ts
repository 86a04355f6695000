import { DecisionId, EventId, FirmId, InvestorId, ProductId } from '../../features/schema/ids.js'
import { type Exposure } from '../../features/schema/event.js'
import { exposureFaults } from '../../audit/exposures.js'
import { httpOver } from '../../tests/httpApp.js'
import { fitInvestor, type Installation, realInstallation, recommendTo, startOfTest } from '../../tests/realService.js'
import { ExposuresAnswer } from '../http/schemas.js'
import { defaultFirm, keyOf } from '../investorKey.js'
import { type Recommended, type Service } from '../service.js'
import { type z } from 'zod'

let installation: Installation
beforeEach(async () => {
  installation = await realInstallation()
})
afterEach(() => installation.destroy())

const acme = FirmId.parse('acme')
type Shown = z.infer<typeof Exposure>
const exposure = (n: number, changes: Partial<Shown>): Shown => ({
  type: 'exposure',
  eventId: EventId.parse(`e${n}`),
  investorId: InvestorId.parse('i1'),
  occurredAt: startOfTest,
  productId: ProductId.parse('P1'),
  decisionId: DecisionId.parse('d-never'),
  rank: 1,
  propensity: null,
  ...changes,
})

const decided = async (service: Service, id: string, asOf?: number): Promise<Recommended> => {
  const given = await recommendTo(service, id, asOf)
  if ('unknownInvestor' in given) throw new Error('want a decision')
  return given
}
const whole = { from: null, to: null, limit: 100 }

test('each way in which what was shown is not what was recorded', async () => {
  const told: string[] = []
  await installation.serve(
    async (service, home) => {
      for (const id of ['i1', 'i2']) await service.putInvestor(defaultFirm, fitInvestor(id))
      await service.putInvestor(acme, fitInvestor('i1'))
      const live = await decided(service, 'i1')
      const past = await decided(service, 'i1', startOfTest + 86_400_000)
      const { outcome } = live.decision
      const slate = outcome.kind === 'refusal' ? [] : outcome.slate
      const [first, second] = slate
      const { decisionId } = live
      // As recorded: none differs, and a clock that runs a minute behind is borne.
      const right = slate.map(({ productId, rank }, n) =>
        exposure(n, { decisionId, productId, rank, occurredAt: startOfTest - 60_000 }),
      )
      await service.addEvents(defaultFirm, right)
      expect(await service.audit.exposures(defaultFirm, whole)).toMatchObject({ exposures: 5, imported: 0, items: [] })
      expect(told).toEqual([])

      const { productId, rank } = first!
      const wrong = [
        exposure(10, {}),
        exposure(11, { decisionId, productId: second!.productId, rank }),
        exposure(12, { decisionId, productId: ProductId.parse('P9'), rank }),
        exposure(13, { decisionId, productId, rank, investorId: InvestorId.parse('i2') }),
        exposure(14, { decisionId, productId, rank, occurredAt: startOfTest - 600_000 }),
        exposure(15, { decisionId: past.decisionId, productId, rank, occurredAt: past.decision.at }),
      ]
      const [otherFirm] = [exposure(16, { decisionId, productId, rank })]
      await service.addEvents(defaultFirm, wrong.slice(0, 5))
      installation.clock.now += 2 * 86_400_000
      await service.addEvents(defaultFirm, wrong.slice(5))
      await service.addEvents(acme, [otherFirm])
      const found = await service.audit.exposures(defaultFirm, whole)
      expect(found.exposures).toBe(11)
      expect(found.unrecorded).toEqual(['d-never'])
      expect(found.items.map(({ eventId, faults }) => [eventId, ...faults])).toEqual([
        ['e10', 'unknown-decision'],
        ['e11', 'other-rank'],
        ['e12', 'not-in-slate'],
        ['e13', 'other-investor'],
        ['e14', 'before-decision'],
        ['e15', 'not-live'],
      ])
      expect((await service.audit.exposures(acme, whole)).items).toMatchObject([
        { eventId: 'e16', faults: ['other-firm'] },
      ])
      // Counted as they came, and none was refused.
      expect([...told].sort()).toEqual([...exposureFaults].sort())
      const from = startOfTest + 1
      expect(
        (await service.audit.exposures(defaultFirm, { ...whole, from })).items.map(({ eventId }) => eventId),
      ).toEqual(['e15'])
      expect((await service.audit.exposures(defaultFirm, { ...whole, to: startOfTest - 60_001 })).items).toMatchObject([
        { eventId: 'e14' },
      ])
      expect((await service.audit.exposures(defaultFirm, { ...whole, limit: 1 })).byFault).toEqual(found.byFault)
      // What was imported was shown by decisions of another system.
      const value = { ...exposure(30, {}), investorId: keyOf(defaultFirm, InvestorId.parse('i1')) }
      await home.history.appendEvents([{ knownAt: startOfTest, value }], 'import')
      expect(await service.audit.exposures(defaultFirm, whole)).toMatchObject({ exposures: 11, imported: 1 })
    },
    { onUnrecorded: (fault) => void told.push(fault) },
  )
})

test('over HTTP', () =>
  installation.serve(async (service) => {
    await service.putInvestor(defaultFirm, fitInvestor('i1'))
    await service.addEvents(defaultFirm, [exposure(1, {}), exposure(2, { rank: 2 })])
    const http = await httpOver(service, () => startOfTest)
    try {
      const { json, status } = await http.ask('exposures', { path: '/v1/audit/exposures?limit=1' })
      expect(status).toBe(200)
      expect(ExposuresAnswer.parse(json)).toMatchObject({
        exposures: 2,
        byFault: { 'unknown-decision': 2 },
        unrecorded: ['d-never'],
        items: [{ eventId: 'e1', faults: ['unknown-decision'], occurredAt: startOfTest }],
      })
      expect((await http.ask('exposures', { path: '/v1/audit/exposures?from=yesterday' })).status).toBe(422)
    } finally {
      await http.close()
    }
  }))
