import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readQuestionnaire } from '../engine/questionnaire/readQuestionnaire.js'
import { score } from '../engine/questionnaire/score.js'
import { ClassEvidence } from '../engine/professional.js'
import { FirmId, InvestorId } from '../features/schema/ids.js'
import { nodeDisk } from '../storage/segmentDisk.js'
import { fitInvestor, type Installation, realInstallation, recommendTo } from '../tests/realService.js'
import { type Assessed } from './assessmentService.js'
import { folders } from './home.js'
import { defaultFirm } from './investorKey.js'
import { type Service } from './service.js'

let installation: Installation
beforeEach(async () => {
  installation = await realInstallation()
})
afterEach(() => installation.destroy())

const i1 = InvestorId.parse('investor-1')
const unassessed = fitInvestor('investor-1', { riskAssessment: null, assessments: [] })
const middling = {
  income: ['120k-300k'],
  assets: ['80k-300k'],
  share: ['30-50'],
  debts: ['mortgage'],
  education: ['some'],
  experience: ['1-3'],
  held: ['mixed'],
  understood: ['mixed'],
  horizon: ['3-5-years'],
  aim: ['balance'],
  loss: ['up-to-30'],
  reaction: ['wait'],
}
const ask = (service: Service, answers: object = {}) =>
  service.assess({
    firmId: defaultFirm,
    investorId: i1,
    questionnaireVersion: 'aptus-1',
    answers: { ...middling, ...answers },
  })
async function assess(service: Service, answers: object = {}): Promise<Assessed> {
  const given = await ask(service, answers)
  if (!('assessmentId' in given)) throw new Error(JSON.stringify(given))
  return given
}
const kindOf = async (service: Service): Promise<string> => {
  const given = await recommendTo(service, 'investor-1')
  if (!('decision' in given)) throw new Error('unknown investor')
  const { outcome } = given.decision
  return outcome.kind === 'refusal' ? outcome.refusal : outcome.kind
}
const isAnError = (settled: PromiseSettledResult<unknown>): boolean => settled.status === 'rejected'

test('an assessment opens the gate at once, is read back after a restart, and can be scored again', async () => {
  const { assessmentId, at } = await installation.serve(async (service) => {
    await service.putInvestor(defaultFirm, unassessed)
    expect(await kindOf(service)).toBe('no-assessment')
    const given = await assess(service)
    expect(await kindOf(service)).toBe('personal')
    return given
  })
  await installation.serve(async (service, home) => {
    const known = await service.investor(defaultFirm, i1)
    expect(known?.profile).toMatchObject({ riskAssessment: { level: 'C4', assessedAt: at }, assessments: [at] })
    expect(await service.assessment(FirmId.parse('acme'), assessmentId)).toBeNull()
    const found = await service.assessment(defaultFirm, assessmentId)
    if (found === null || found.facts === 'erased') throw new Error('the assessment is lost')
    const again = readQuestionnaire(await home.blobs.get(found.entry.questionnaire.digest))
    expect(score(again, found.facts.score.answers)).toEqual(found.facts.score)
  })
})

test('of several at once no more are taken than the limit', () =>
  installation.serve(async (service) => {
    await service.putInvestor(defaultFirm, unassessed)
    const given = await Promise.all(Array.from({ length: 6 }, () => ask(service)))
    expect(given.filter((each) => 'assessmentId' in each)).toHaveLength(2)
    expect((await service.investor(defaultFirm, i1))?.profile.assessments).toHaveLength(2)
  }))

test('what the ledger did not take in changes no profile', async () => {
  let broken = false
  const failing = (): Promise<never> => Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' }))
  const disk: typeof nodeDisk = { ...nodeDisk, datasync: (file) => (broken ? failing() : nodeDisk.datasync(file)) }
  await installation.serve(
    async (service) => {
      await service.putInvestor(defaultFirm, unassessed)
      broken = true
      await expect(ask(service)).rejects.toMatchObject({ reason: 'no-ledger' })
      const known = await service.investor(defaultFirm, i1)
      expect(known?.profile).toMatchObject({ riskAssessment: null, assessments: [] })
      broken = false
    },
    { disk },
  )
})

test('a profile that is put anew takes no assessment back: the limits go on counting it', async () => {
  await installation.serve(async (service) => {
    await service.putInvestor(defaultFirm, unassessed)
    await ask(service)
    await service.putInvestor(defaultFirm, unassessed)
    const known = await service.investor(defaultFirm, i1)
    expect(known?.profile.assessments).toHaveLength(1)
  })
})

const evidence = ClassEvidence.parse({
  financialAssets: { minor: 600_000_000, currency: 'CNY' },
  experienceYears: 5,
  documents: [{ kind: 'bank-statement', sha256: 'c'.repeat(64) }],
})
const professional = { to: 'professional', by: 'right', evidence, approve: true } as const
const changed = async (service: Service, request: Parameters<Service['changeClass']>[0]['request']) => {
  const given = await service.changeClass({ firmId: defaultFirm, investorId: i1, request, approvedBy: 'staff-7' })
  if ('unknownInvestor' in given) throw new Error('unknown investor')
  return given
}

test('neither answers nor evidence stand in the ledger in clear, and both are erased with the person', async () => {
  const { assessmentId, changeId } = await installation.serve(async (service) => {
    await service.putInvestor(defaultFirm, unassessed)
    return { ...(await assess(service)), ...(await changed(service, professional)) }
  })
  const log = join(installation.dir, folders.ledger, 'log')
  const segments = (await readdir(log)).filter((name) => name.endsWith('.seg'))
  const bytes = Buffer.concat(await Promise.all(segments.map((name) => readFile(join(log, name)))))
  expect([bytes.includes('assessment'), bytes.includes('class-change'), bytes.includes('aptus-1')]).toEqual([
    true,
    true,
    true,
  ])
  for (const word of ['up-to-30', 'professional', 'bank-statement', 'staff-7', 'financialAssets', '"C4"', 'investor-1'])
    expect([word, bytes.includes(word)]).toEqual([word, false])
  await installation.serve(async (service, _, record) => {
    await service.eraseInvestor(defaultFirm, i1)
    expect(await service.assessment(defaultFirm, assessmentId)).toMatchObject({ facts: 'erased' })
    expect(await service.classChange(defaultFirm, changeId)).toMatchObject({ facts: 'erased' })
    // Beside software, catalogue, release and pack; the erasure is an entry too.
    expect(record.ledger.size()).toBe(4 + 2 + 1)
    const settled = await Promise.allSettled([ask(service), service.rematchedHoldings(defaultFirm, i1)])
    expect(settled.map(isAnError)).toEqual([false, false])
    expect(await ask(service)).toEqual({ unknownInvestor: i1 })
  })
})

test('a professional is recommended what lies off his objectives, and an ordinary investor again is not', () =>
  installation.serve(async (service) => {
    await service.putInvestor(defaultFirm, fitInvestor('investor-1', { objectives: ['liquidity'] }))
    expect(await kindOf(service)).toBe('no-suitable-product')
    expect(await changed(service, professional)).toMatchObject({ granted: true, investorClass: 'professional' })
    expect(await kindOf(service)).toBe('personal')
    expect(await changed(service, { to: 'ordinary' })).toMatchObject({ granted: true, investorClass: 'ordinary' })
    expect(await kindOf(service)).toBe('no-suitable-product')
  }))
