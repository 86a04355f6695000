import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openRecord } from '../../audit/record.js'
import { openRuleLedger } from '../../audit/rules/ruleLedger.js'
import { readKeptPack, readPack } from '../../engine/suitability/readPack.js'
import { Digest } from '../../features/schema/ids.js'
import { adding, approvalOf, configured, person, proposalOn, signedBy } from '../../tests/officers.js'
import { fitInvestor, outcomeOf, realInstallation, recommendTo, startOfTest } from '../../tests/realService.js'
import { folders } from '../home.js'
import { defaultFirm } from '../investorKey.js'

const minute = 60_000
const [li, wang] = [person('Li Na'), person('Wang Wei')]
/** It served under an earlier version; this one reads it to judge again, and refuses it as a new pack. */
const earlier = readFileSync('tests/keptPacks/cn-2026.v1.yaml')
const shipped = readFileSync('packs/cn-2026.yaml')

test('a pack in force that this version refuses judges nobody, opens all the same, and is changed under four eyes', async () => {
  const installation = await realInstallation()
  const { clock, dir } = installation
  const { digest } = readKeptPack(earlier)
  expect(() => readPack(earlier)).toThrow()

  const home = await installation.open()
  expect(await home.blobs.put(earlier)).toBe(digest)
  const record = await openRecord(join(dir, folders.ledger), join(dir, folders.persons))
  const rules = await openRuleLedger(record.ledger)
  let at = startOfTest - minute
  const instant = (): number => at++
  await rules.append({ type: 'pack-in-force', ...configured(digest) }, instant)
  await rules.append({ type: 'officers-change', ...adding(rules.state(), li) }, instant)
  await rules.append({ type: 'officers-change', ...adding(rules.state(), wang) }, instant)
  const change = proposalOn(rules.state(), li, { packDigest: readPack(shipped).digest, from: startOfTest + minute })
  await record.close()
  await home.close()

  await installation.serve(async (service) => {
    await service.putInvestor(defaultFirm, fitInvestor('i1'))
    const refused = { reason: 'no-rule-pack' }
    await expect(recommendTo(service, 'i1')).rejects.toMatchObject(refused)
    expect(service.readiness()).toMatchObject({
      ready: false,
      ...refused,
      detail: expect.stringContaining('refuses it') as string,
    })
    expect((await service.rules.inForce('installation')).packs).toMatchObject([{ pack: { digest } }])

    const own = { own: shipped.toString('base64'), base: null }
    const taken = { entryId: expect.any(String) as string }
    const proposed = signedBy('rule-proposal', change, li)
    expect(await service.rules.take('installation', { type: 'rule-proposal', ...proposed, pack: own })).toMatchObject(
      taken,
    )
    const approved = signedBy('rule-approval', approvalOf(change, wang), wang)
    expect(await service.rules.take('installation', { type: 'rule-approval', ...approved })).toMatchObject(taken)
    clock.now = startOfTest + minute
    expect(outcomeOf(await recommendTo(service, 'i1'))).toEqual(['P1', 'P2', 'P3', 'P4', 'P5'])
    expect(service.readiness()).toMatchObject({ ready: true, pack: change.packDigest })

    const back = {
      ...change,
      packDigest: Digest.parse(digest),
      replaces: readPack(shipped).digest,
      from: clock.now + minute,
    }
    const again = { type: 'rule-proposal' as const, ...signedBy('rule-proposal', back, li), pack: null }
    expect(await service.rules.take('installation', again)).toMatchObject({ refused: 'pack' })
  })
  await installation.destroy()
})
