import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Replayed } from '../../../audit/replay.js'
import { DecisionId, FirmId, InvestorId } from '../../../features/schema/ids.js'
import {
  fitInvestor,
  fitProduct,
  type Installation,
  realInstallation,
  recommendTo,
  startOfTest,
} from '../../../tests/realService.js'
import { randomModel } from '../../../tests/randomRelease.js'
import { defaultFirm } from '../../investorKey.js'
import { openKept } from './kept.js'

let installed: Installation
let ids: readonly DecisionId[] = []
const everything = { firmId: defaultFirm, from: null, to: null }
const options = { strict: false, threads: 0, told: () => undefined }

beforeEach(async () => {
  installed = await realInstallation()
  ids = await installed.serve(async (service) => {
    for (const [id, level] of [
      ['ann', 'C4'],
      ['ben', 'C1'],
      ['cho', 'C5'],
    ] as const) {
      const investor = fitInvestor(id)
      await service.putInvestor(defaultFirm, {
        ...investor,
        riskAssessment: investor.riskAssessment && { ...investor.riskAssessment, level },
      })
    }
    installed.clock.now += 60_000
    const answers = []
    for (const id of ['ann', 'ben', 'cho', 'ann']) answers.push(await recommendTo(service, id))
    installed.clock.now += 60_000
    answers.push(await recommendTo(service, 'ann', startOfTest + 90_000))
    return answers.map((answer) => ('unknownInvestor' in answer ? DecisionId.parse('none') : answer.decisionId))
  })
})
afterEach(() => installed.destroy())

const replayed = (id: DecisionId | undefined, strict = false): Promise<Replayed | null> =>
  installed.serve(async (service) => {
    const found = await service.audit.replay(defaultFirm, DecisionId.parse(id), { strict })
    return found?.replayed ?? null
  })
/** The entry of a decision names what it was made with. */
const entryOf = (id: DecisionId | undefined) =>
  installed.serve(async (service) => {
    const found = await service.audit.decision(defaultFirm, DecisionId.parse(id))
    if (found === null) throw new Error('want the decision')
    return found.entry
  })
const blobFile = (digest: string, folder = 'blobs'): string => {
  const hex = digest.slice('sha256:'.length)
  return join(installed.dir, folder, hex.slice(0, 2), hex)
}
async function flip(file: string): Promise<void> {
  const bytes = await readFile(file)
  bytes[bytes.length >> 1]! ^= 1
  await writeFile(file, bytes)
}

test('after a restart, a change of the catalogue and another release all are the same', async () => {
  await installed.serve(async (service, home) => {
    installed.clock.now += 1000
    await service.putProduct(fitProduct('P1', { status: 'suspended', statusAt: startOfTest - 1 }))
    const catalogue = await service.putProduct(fitProduct('P9'))
    await home.releases.activate(await home.releases.build(randomModel(catalogue.products, 8, 2), catalogue, null))
    await service.reload()
  })
  await installed.serve(async (service) => {
    for (const strict of [false, true])
      for (const id of ids)
        expect(await service.audit.replay(defaultFirm, id, { strict })).toMatchObject({
          decisionId: id,
          replayed: { result: 'same', search: 'same' },
        })
    const told: number[] = []
    const counts = await service.audit.replayMany(everything, { ...options, told: (done) => void told.push(done) })
    expect(counts).toEqual({
      decisions: 5,
      same: 5,
      differs: 0,
      erased: 0,
      unavailable: 0,
      search: { same: 5, differs: 0, 'as-recorded': 0 },
      notSame: [],
    })
  })
})

test('of another firm, or of no decision, there is nothing; a period holds what lies in it', async () => {
  await installed.serve(async (service) => {
    expect(await service.audit.replay(FirmId.parse('other'), DecisionId.parse(ids[0]), { strict: false })).toBeNull()
    expect(await service.audit.replay(defaultFirm, DecisionId.parse('d-none'), { strict: false })).toBeNull()
    const { decisions } = await service.audit.replayMany({ ...everything, from: startOfTest + 70_000 }, options)
    expect(decisions).toBe(1)
    expect(await service.audit.replayMany({ ...everything, firmId: FirmId.parse('other') }, options)).toMatchObject({
      decisions: 0,
    })
  })
})

test('an erased person’s decisions are erased, those of others the same', async () => {
  await installed.serve((service) => service.eraseInvestor(defaultFirm, InvestorId.parse('ann')))
  expect(await replayed(ids[0])).toEqual({ result: 'erased' })
  expect(await replayed(ids[1])).toMatchObject({ result: 'same' })
  await installed.serve(async (service) => {
    expect(await service.audit.replayMany(everything, options)).toMatchObject({ same: 2, erased: 3, notSame: [] })
  })
})

describe('never the same', () => {
  test('a release of which one byte of a part was changed, or that is gone', async () => {
    const { release } = await entryOf(ids[0])
    const { model } = JSON.parse(await readFile(blobFile(release), 'utf8')) as { model: string }
    const kept = await readFile(blobFile(model))
    // Another release serves, so that the installation opens.
    await installed.serve(async (service, home) => {
      const catalogue = await home.catalogueLog.head()
      await home.releases.activate(await home.releases.build(randomModel(catalogue.products, 8, 2), catalogue, null))
      await service.reload()
    })
    await flip(blobFile(model))
    expect(await replayed(ids[0])).toMatchObject({
      result: 'unavailable',
      missing: 'release',
      detail: expect.stringContaining('is damaged') as string,
    })
    await rm(blobFile(model))
    expect(await replayed(ids[0])).toMatchObject({
      result: 'unavailable',
      missing: 'release',
      detail: expect.stringContaining('restore it from a backup') as string,
    })
    await writeFile(blobFile(model), kept)
    expect(await replayed(ids[0])).toMatchObject({ result: 'same' })
  })

  test('a pack that was changed on the disk', async () => {
    const { packDigest } = await entryOf(ids[0])
    const where = { blobs: join(installed.dir, 'blobs'), catalogue: join(installed.dir, 'catalogue') }
    await flip(blobFile(packDigest))
    await expect(openKept(where).pack(packDigest)).rejects.toMatchObject({ missing: 'pack' })
    await rm(blobFile(packDigest))
    await expect(openKept(where).pack(packDigest)).rejects.toMatchObject({ missing: 'pack' })
  })

  test('a catalogue whose list names an earlier instant, or another revision', async () => {
    const { catalogue } = await entryOf(ids[0])
    const file = join(installed.dir, 'catalogue', 'revisions.json')
    const text = await readFile(file, 'utf8')
    const where = { blobs: join(installed.dir, 'blobs'), catalogue: join(installed.dir, 'catalogue') }
    const { revisions } = JSON.parse(text) as { revisions: { knownAt: number; digest: string }[] }
    await writeFile(file, text.replace(String(revisions[0]?.knownAt), String((revisions[0]?.knownAt ?? 0) - 1)))
    await expect(openKept(where).catalogue(catalogue)).rejects.toMatchObject({ missing: 'catalogue' })
    await writeFile(file, text)
    const kept = openKept(where)
    expect((await kept.catalogue(catalogue)).digest).toBe(catalogue.digest)
    const other = { ...catalogue, digest: (await entryOf(ids[0])).release }
    await expect(kept.catalogue(other)).rejects.toThrow('are not those that the decision names')
    await expect(kept.catalogue({ ...catalogue, revision: 77 })).rejects.toMatchObject({ missing: 'catalogue' })
    await flip(blobFile(revisions[0]?.digest ?? '', join('catalogue', 'blobs')))
    await expect(openKept(where).catalogue(catalogue)).rejects.toThrow('is damaged')
  })
})
