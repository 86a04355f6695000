import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tlogProofOf } from '../audit/tlogProof.js'
import { verifyLedger, verifyProof } from '../audit/verify.js'
import { ClassEvidence } from '../engine/professional.js'
import { Event } from '../features/schema/event.js'
import { InvestorId, ProductId } from '../features/schema/ids.js'
import { cipherKeyOf } from '../audit/sealing.js'
import { filesHolding, heldBelow, writingsOf } from '../tests/decodedStores.js'
import { fitInvestor, type Installation, realInstallation, startOfTest } from '../tests/realService.js'
import { folders } from './home.js'
import { defaultFirm as firmId } from './investorKey.js'
import { type Service } from './service.js'

let installation: Installation
beforeEach(async () => {
  installation = await realInstallation()
})
afterEach(() => installation.destroy())

const names = [
  'investor id',
  'questionnaire of the first profile',
  'questionnaire of the second profile',
  'excluded product',
  'another excluded product',
  'kind of a document',
  'digest of a document',
  'kind of a document of the request that was refused',
  'who approved',
  'who refused',
] as const
type Canaries = Readonly<Record<(typeof names)[number], Buffer>>
const newCanaries = (): Canaries => Object.fromEntries(names.map((name) => [name, randomBytes(16)])) as Canaries
const textOf = (canary: Buffer): string => canary.toString('hex')

const answers = {
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

/** One of each kind of entry about a person, with a canary in every free text that its schema takes. */
async function live(service: Service, canaries: Canaries, level: 'C1' | 'C4'): Promise<void> {
  const investorId = InvestorId.parse(textOf(canaries['investor id']))
  const { riskAssessment, ...fit } = fitInvestor(investorId)
  const put = (version: Buffer): Promise<void> => {
    const assessment = riskAssessment && { ...riskAssessment, level, questionnaireVersion: textOf(version) }
    return service.putInvestor(firmId, { ...fit, riskAssessment: assessment })
  }
  const exclude = [canaries['excluded product'], canaries['another excluded product']].map((canary) =>
    ProductId.parse(textOf(canary)),
  )
  const recommend = () => service.recommend({ firmId, investorId, size: 3, scene: 'home', exclude })
  await put(canaries['questionnaire of the first profile'])
  expect(await recommend()).toHaveProperty('decision')
  const purchase = { eventId: `bought-${investorId}`, type: 'purchase', investorId, productId: 'P1' }
  await service.addEvents(firmId, [
    Event.parse({ ...purchase, occurredAt: new Date(startOfTest - 1000).toISOString() }),
  ])
  await put(canaries['questionnaire of the second profile'])
  expect(await recommend()).toHaveProperty('decision')

  const amount = { minor: 100_000, currency: 'CNY' }
  const given = await service.checkPurchase({ firmId, investorId, productId: ProductId.parse('P2'), amount })
  if (!('checkId' in given)) throw new Error('the check came to nothing')
  const [step] = given.check.steps
  if (step !== undefined) {
    const { checkId } = given
    const { stepId, textDigest } = step
    expect(await service.confirmPurchase({ firmId, investorId, checkId, stepId, textDigest })).toMatchObject({
      refused: null,
    })
  }

  const evidence = (kind: Buffer, digest: Buffer, experienceYears: number) =>
    ClassEvidence.parse({
      financialAssets: { minor: 600_000_000, currency: 'CNY' },
      experienceYears,
      documents: [{ kind: textOf(kind), sha256: textOf(digest).repeat(2) }],
    })
  const { 'kind of a document': kind, 'digest of a document': digest } = canaries
  const change = { to: 'professional', by: 'right', approve: true } as const
  const refused = evidence(canaries['kind of a document of the request that was refused'], digest, 0)
  for (const [request, by] of [
    [{ ...change, evidence: refused }, canaries['who refused']],
    [{ ...change, evidence: evidence(kind, digest, 5) }, canaries['who approved']],
    [{ to: 'ordinary' as const }, canaries['who approved']],
  ] as const)
    expect(await service.changeClass({ firmId, investorId, request, approvedBy: textOf(by) })).toHaveProperty(
      'changeId',
    )
  const assessed = await service.assess({ firmId, investorId, questionnaireVersion: 'aptus-1', answers })
  expect(assessed).toHaveProperty('assessmentId')
}

test('ten canaries of an erased person are in no file, in no writing; every proof of his entries holds', async () => {
  const { dir, serve } = installation
  const [erased, staying] = [newCanaries(), newCanaries()]
  const investorId = InvestorId.parse(textOf(erased['investor id']))
  const inAudit = async () => [
    ...(await heldBelow(join(dir, folders.ledger))),
    ...(await heldBelow(join(dir, folders.persons))),
    ...(await heldBelow(join(dir, folders.search))),
  ]

  const { key, proofs, vkey } = await serve(async (service, _, { ledger, persons }) => {
    await live(service, staying, 'C1')
    await live(service, erased, 'C1')
    const asked = await service.audit.entries.find(firmId, { investorId }, { limit: 50 })
    expect(asked.items.length).toBeGreaterThanOrEqual(6)
    const pseudonym = await persons.pseudonymOf(firmId, investorId)
    const found = pseudonym === null ? null : await persons.keyOf(pseudonym)
    const { note } = await ledger.checkpoint()
    const proved: { entry: Buffer; proof: Buffer; type: string }[] = []
    for await (const { index, entry, bytes } of ledger.iterate())
      if ('pseudonym' in entry && entry.pseudonym === pseudonym) {
        const proof = Buffer.from(tlogProofOf(await ledger.inclusion(index), note))
        proved.push({ entry: Buffer.from(bytes), proof, type: entry.type })
      }
    return { key: Buffer.from(found!), proofs: proved, vkey: ledger.vkey }
  })
  const kinds = ['decision', 'purchase-check', 'purchase-confirmation', 'assessment', 'class-change']
  expect([...new Set(proofs.map(({ type }) => type))].sort()).toEqual(kinds.sort())

  // The search finds each of them while the person is there, so it would find what stayed.
  const before = await inAudit()
  for (const name of names) {
    expect({ name, files: filesHolding(before, erased[name]) }).toEqual({
      name,
      files: expect.arrayContaining([expect.stringMatching(/\.seg$/)]) as string[],
    })
    expect(filesHolding(before, staying[name])).not.toEqual([])
  }
  expect(filesHolding(before, key)).not.toEqual([])

  await serve(async (service) => expect(await service.eraseInvestor(firmId, investorId)).not.toBeNull())

  const after = await inAudit()
  expect(after.some(({ file }) => file.endsWith('.parquet'))).toBe(true)
  for (const name of names) {
    expect({ name, files: filesHolding(after, erased[name]) }).toEqual({ name, files: [] })
    expect(filesHolding(after, staying[name])).not.toEqual([])
  }
  for (const secret of [key, cipherKeyOf(key)]) expect(filesHolding(after, secret)).toEqual([])
  const everywhere = await heldBelow(dir)
  for (const name of names) expect({ name, files: filesHolding(everywhere, erased[name]) }).toEqual({ name, files: [] })
  expect(filesHolding(everywhere, staying['investor id']).length).toBeGreaterThan(2)

  for (const { entry, proof } of proofs) expect(verifyProof(proof, entry, vkey)).toHaveProperty('entryId')
  expect(await verifyLedger(join(dir, folders.ledger), { vkey })).toMatchObject({ faults: [] })
}, 120_000)

test('the search finds what is planted, in each writing and each kind of file', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'planted-'))
  const secret = randomBytes(16)
  const around = (bytes: Buffer): Buffer => Buffer.concat([randomBytes(7), bytes, randomBytes(5)])
  const digits = Buffer.from(secret.toString('hex'))
  const planted = [
    secret,
    digits,
    Buffer.from(secret.toString('hex').toUpperCase()),
    Buffer.from(digits.toString('utf8'), 'utf16le'),
    ...[0, 1, 2].flatMap((before) =>
      [secret, digits].map((bytes) =>
        Buffer.from(Buffer.concat([randomBytes(before), bytes, randomBytes(4)]).toString('base64')),
      ),
    ),
  ]
  for (const [place, bytes] of planted.entries()) await writeFile(join(dir, `file-${place}`), around(bytes))
  expect(filesHolding(await heldBelow(dir), secret)).toHaveLength(planted.length)
  expect(filesHolding(await heldBelow(dir), randomBytes(16))).toEqual([])
  expect(writingsOf(secret).every((writing) => writing.length >= 16)).toBe(true)
  expect((await readFile(join(dir, 'file-0'))).includes(secret)).toBe(true)
  await rm(dir, { recursive: true })
})
