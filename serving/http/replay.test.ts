import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InvestorId } from '../../features/schema/ids.js'
import { type Http, httpOver } from '../../tests/httpApp.js'
import { fitInvestor, type Installation, realInstallation, recommendTo } from '../../tests/realService.js'
import { defaultFirm } from '../investorKey.js'
import { type Service } from '../service.js'

let installation: Installation
let id = ''
beforeEach(async () => {
  installation = await realInstallation()
  await installation.serve(async (service) => {
    await service.putInvestor(defaultFirm, fitInvestor('ann'))
    installation.clock.now += 1000
    const given = await recommendTo(service, 'ann')
    if ('unknownInvestor' in given) throw new Error('ann is not known')
    id = given.decisionId
  })
})
afterEach(() => installation.destroy())

const over = (work: (http: Http, service: Service) => Promise<void>): Promise<void> =>
  installation.serve(async (service) => {
    const http = await httpOver(service, () => installation.clock.now)
    await work(http, service).finally(http.close)
  })

test('a decision is the same; a way to ask that is not ours, and a decision that is not, are refused', () =>
  over(async ({ ask }) => {
    for (const query of ['', '?strict=false', '?strict=true']) {
      const reply = await ask('replayDecision', { path: `/v1/decisions/${id}/replay${query}` })
      expect(reply.status).toBe(200)
      expect(reply.json).toMatchObject({ decisionId: id, replayed: { result: 'same', search: 'same' } })
    }
    const answers = [
      await ask('replayDecision', { path: `/v1/decisions/${id}/replay?strict=perhaps` }),
      await ask('replayDecision', { path: '/v1/decisions/d-none/replay' }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([422, 404])
  }))

test('what was erased says so; a part of the release that was changed is told, and no path of the machine', async () => {
  await installation.serve(async (service, home) => {
    const [active] = (await service.releases()).filter((release) => release.active)
    const hex = active?.manifest.levels.slice('sha256:'.length) ?? ''
    const file = join(installation.dir, 'blobs', hex.slice(0, 2), hex)
    const bytes = await readFile(file)
    await writeFile(
      file,
      Uint8Array.from(bytes, (byte) => byte ^ 1),
    )
    const http = await httpOver(service, () => installation.clock.now)
    const reply = await http.ask('replayDecision', { path: `/v1/decisions/${id}/replay` }).finally(http.close)
    expect(reply.json).toMatchObject({ replayed: { result: 'unavailable', missing: 'release' } })
    expect(reply.text).not.toContain(home.dir)
    await writeFile(file, bytes)
  })
  await over(async ({ ask }, service) => {
    await service.eraseInvestor(defaultFirm, InvestorId.parse('ann'))
    const reply = await ask('replayDecision', { path: `/v1/decisions/${id}/replay` })
    expect(reply.json).toMatchObject({ replayed: { result: 'erased' } })
  })
})
