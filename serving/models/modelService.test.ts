import { join } from 'node:path'
import { type Reader } from '../../audit/personActs.js'
import { type Digest } from '../../features/schema/ids.js'
import { randomModel, zeroDigest } from '../../tests/randomRelease.js'
import { fitInvestor, type Installation, outcomeOf, realInstallation, recommendTo } from '../../tests/realService.js'
import { ModelConfig } from '../../training/models/config.js'
import { writeRun } from '../../training/run.js'
import { defaultFirm } from '../investorKey.js'
import { folders, type Home } from '../home.js'
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

test('a run goes through its gates: shut they change nothing, unknown ones are told, overridden they are recorded', async () =>
  installation.serve(async (service, home, { ledger }) => {
    await service.putInvestor(defaultFirm, fitInvestor('i1'))
    const before = await home.releases.active()
    const { id: runId } = await writeRun(join(installation.dir, folders.runs), {
      model: randomModel(installation.products, 8, 3),
      config: ModelConfig.parse({ kind: 'popularity' }),
      metrics: {},
      record: { seed: 1, asOf: 1, dataDigest: zeroDigest, because: 'a test', seconds: 0 },
    })
    const promote = (override: readonly string[], reason: string | null) =>
      service.models.promote({ runId, override, reason, by })
    const refused = await promote([], null)
    if (!('refusal' in refused)) throw new Error('a run that was not judged was promoted')
    expect(refused.refusal).toBe('gates-shut')
    const shut = (refused.gates ?? []).filter(({ passed }) => !passed).map(({ name }) => name)
    expect(shut).toContain('judged')
    expect(await promote(['no-such-gate'], 'a trial')).toMatchObject({ refusal: 'unknown-gate' })
    expect(await promote(shut, null)).toEqual({ refusal: 'override-without-reason' })
    expect(await home.releases.active()).toBe(before)
    expect(await promote(shut, 'a trial')).toMatchObject({ act: 'promote', runId, overridden: shut, previous: before })
    expect(await ledger.latest('promotion')).toMatchObject({ reason: 'a trial', by, gates: { overridden: shut } })
    const given = await recommendTo(service, 'i1')
    expect('decision' in given && given.decision.release).toBe(await home.releases.active())
    expect(await home.releases.active()).not.toBe(before)
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
