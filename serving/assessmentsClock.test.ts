import { InvestorId } from '../features/schema/ids.js'
import { fitInvestor, type Installation, realInstallation } from '../tests/realService.js'
import { defaultFirm as firmId } from './investorKey.js'

const investorId = InvestorId.parse('i1')
let installation: Installation
beforeEach(async () => {
  installation = await realInstallation()
})
afterEach(() => installation.destroy())

test('a change of class counts though the profile was put by a clock that was days ahead', async () => {
  const { serve, clock } = installation
  clock.now += 3 * 86_400_000
  await serve((service) => service.putInvestor(firmId, fitInvestor('i1', { investorClass: 'professional' })))
  clock.now -= 3 * 86_400_000
  await serve(async (service) => {
    const given = await service.changeClass({ firmId, investorId, request: { to: 'ordinary' }, approvedBy: null })
    expect(given).toMatchObject({ granted: true, investorClass: 'ordinary' })
    expect((await service.investor(firmId, investorId))?.profile.investorClass).toBe('ordinary')
  })
})
