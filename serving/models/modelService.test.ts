import { type Reader } from '../../audit/personActs.js'
import { type Digest } from '../../features/schema/ids.js'
import { randomModel, zeroDigest } from '../../tests/randomRelease.js'
import { fitInvestor, type Installation, outcomeOf, realInstallation, recommendTo } from '../../tests/realService.js'
import { defaultFirm } from '../investorKey.js'
import { type Home } from '../home.js'
import { type Service } from '../service.js'

const by = 'key:abcd' as Reader
let installation: Installation
beforeEach(async () => {
  installation = await realInstallation()
})
afterEach(() => installation.destroy())

const anotherRelease = async (home: Home): Promise<Digest> => {
  const catalogue = await home.catalogueLog.head()
  return home.releases.build(randomModel(installation.products, 8, 2), catalogue, null)
}

/** Recommends without a pause until told to stop: the releases that decided, in order. */
function underLoad(service: Service): { stop: () => Promise<readonly string[]> } {
  const seen: string[] = []
  let going = true
  const one = async (): Promise<void> => {
    while (going) {
      const given = await recommendTo(service, 'i1')
      if ('unknownInvestor' in given) throw new Error('the investor is known')
      expect(outcomeOf(given)).toHaveLength(5)
      seen.push(given.decision.release)
    }
  }
  const loops = Promise.all([one(), one(), one(), one()])
  return {
    stop: async () => {
      going = false
      await loops
      return seen
    },
  }
}

test('a release is activated and rolled back under load: every request is answered, each by what was in the ledger', async () =>
  installation.serve(async (service, home, { ledger }) => {
    await service.putInvestor(defaultFirm, fitInvestor('i1'))
    const first = (await home.releases.active()) ?? zeroDigest
    const second = await anotherRelease(home)
    const load = underLoad(service)
    expect(await service.models.activate(second)).toEqual({ release: second })
    expect(await ledger.latest('release-activation')).toMatchObject({ release: second, previous: first })
    const next = await recommendTo(service, 'i1')
    expect('decision' in next && next.decision.release).toBe(second)
    expect(await service.models.rollback(by, 'it was a trial')).toMatchObject({ act: 'rollback', release: first, by })
    const after = await recommendTo(service, 'i1')
    expect('decision' in after && after.decision.release).toBe(first)
    const seen = await load.stop()
    expect(new Set(seen)).toEqual(new Set([first, second]))
    const entries: string[] = []
    for await (const { entry } of ledger.iterate())
      if (entry.type === 'release-activation' || entry.type === 'promotion') entries.push(entry.type)
    expect(entries).toEqual(['release-activation', 'release-activation', 'promotion', 'release-activation'])
  }))

test('what is not there is told, and changes nothing', async () =>
  installation.serve(async (service, home, { ledger }) => {
    const [active, size] = [await home.releases.active(), ledger.size()]
    const promote = (override: readonly string[]) =>
      service.models.promote({ runId: 'run-0123456789abcdef', override, reason: null, by })
    expect(await service.models.activate(zeroDigest)).toEqual({ refusal: 'unknown-release' })
    expect(await service.models.rollback(by, null)).toEqual({ refusal: 'no-release-before' })
    expect(await promote([])).toEqual({ refusal: 'unknown-run' })
    expect(await service.models.list()).toEqual([])
    expect([await home.releases.active(), ledger.size()]).toEqual([active, size])
  }))
