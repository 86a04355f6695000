import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createHash } from 'node:crypto'
import { enteredBefore, entriesIn } from '../../audit/entered.js'
import { type Record } from '../../audit/record.js'
import { type Proposal, proposalDigest } from '../../audit/rules/statement.js'
import { extendPack, readPack } from '../../engine/suitability/readPack.js'
import { type Digest, FirmId } from '../../features/schema/ids.js'
import { approvalOf, person, type Person, signedBy } from '../../tests/officers.js'
import { httpOver } from '../../tests/httpApp.js'
import {
  fitInvestor,
  type Installation,
  outcomeOf,
  realInstallation,
  recommendTo,
  startOfTest,
} from '../../tests/realService.js'
import { nodeDisk } from '../../storage/segmentDisk.js'
import { type Configuration } from '../configuration.js'
import { type Home } from '../home.js'
import { defaultFirm } from '../investorKey.js'
import { type Service } from '../service.js'
import { ApprovalDocument, ProposalDocument, type RuleDocument } from './ruleDocument.js'
import { z } from 'zod'

const minute = 60_000
const [li, wang, zhao] = [person('Li Na'), person('Wang Wei'), person('Zhao')]
const firmB = FirmId.parse('firm-b')
const shipped = readFileSync('packs/cn-2026.yaml')
const digestOf = (bytes: Uint8Array): Digest => `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest
/** The shipped pack with a rule that withholds every bond: all products of the installation are bonds. */
const stricter = Buffer.from(
  `${shipped.toString()}
  - id: NO-BONDS
    scope: push
    blockUnless: product.kind != "bond"
    source: an example
    confidence: own
    effectiveFrom: 2026-01-01
    messages: { zh-CN: 示例, en: An example. }
    cases:
      - { product: { kind: equity }, expect: permit }
      - { product: { kind: bond }, expect: block }
      - { expect: missing }
`,
)
const firmFile = readFileSync('examples/firm-pack/firm.yaml')
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

let installation: Installation
const begin = async (configured: Partial<Configuration> = {}): Promise<void> => {
  installation = await realInstallation(configured)
}
afterEach(() => installation.destroy())

type With = { readonly service: Service; readonly home: Home; readonly record: Record }
const serve = <T>(work: (parts: With) => Promise<T>): Promise<T> =>
  installation.serve((service, home, record) => work({ service, home, record }))

const take = (service: Service, document: RuleDocument) => service.rules.take('installation', document)
const taken = async (service: Service, document: RuleDocument): Promise<void> =>
  expect(await take(service, document)).toMatchObject({ ledgerIndex: expect.any(Number) as number })

async function addOfficers({ rules }: Service, ...persons: readonly Person[]): Promise<void> {
  for (const somebody of persons) {
    const { installation: here, revision, fourEyes } = await rules.inForce('installation')
    const { by: name, publicKey } = somebody
    const statement = { installation: here, revision, act: 'add', name, publicKey } as const
    const signed = signedBy('officers-change', statement, ...(fourEyes ? [li, wang] : []))
    expect(await rules.take('installation', { type: 'officers-change', ...signed })).toMatchObject({ proposal: null })
  }
}

async function proposing(
  { rules }: Service,
  own: Uint8Array | null,
  changes: Partial<Proposal> & { readonly base?: Uint8Array } = {},
  by = li,
): Promise<RuleDocument & { type: 'rule-proposal' }> {
  const { base, ...given } = changes
  const { installation: here, packs } = await rules.inForce('installation')
  const pack = own === null ? null : base === undefined ? readPack(own) : extendPack(readPack(base), own)
  const firmId = given.firmId ?? null
  const replaced = packs.find((each) => each.firmId === firmId && each.pack !== null) ?? packs[0]
  const statement: Proposal = {
    installation: here,
    firmId,
    packDigest: pack?.digest ?? null,
    replaces: replaced?.pack?.digest ?? digestOf(shipped),
    from: startOfTest + 60 * minute,
    reason: 'a test',
    by: by.by,
    ...given,
  }
  const parts = own === null ? null : { own: base64(own), base: base === undefined ? null : base64(base) }
  return { type: 'rule-proposal', ...signedBy('rule-proposal', statement, by), pack: parts }
}
const approving = (
  { statement }: { readonly statement: Proposal },
  by = wang,
): RuleDocument & { type: 'rule-approval' } => ({
  type: 'rule-approval',
  ...signedBy('rule-approval', approvalOf(statement, by), by),
})
const slate = async (service: Service) => outcomeOf(await recommendTo(service, 'i1'))
const all = ['P1', 'P2', 'P3', 'P4', 'P5']
const walk = () => enteredBefore(entriesIn(resolve(installation.dir, 'ledger/log')))

test('proposed, approved, in force at its instant without a restart, and rolled back', async () => {
  await begin()
  const { clock } = installation
  await serve(async ({ service }) => {
    await service.putInvestor(defaultFirm, fitInvestor('i1'))
    await addOfficers(service, li, wang)
    const proposal = await proposing(service, stricter)
    await taken(service, proposal)
    clock.now += minute
    expect(await slate(service)).toEqual(all)
    await taken(service, approving(proposal))
    clock.now = startOfTest + 60 * minute - 1000
    expect(await slate(service)).toEqual(all)
    expect(service.readiness()).toMatchObject({ pack: digestOf(shipped), packs: [{ id: 'cn-2026' }] })
    clock.now = startOfTest + 60 * minute
    expect(await slate(service)).toBe('no-suitable-product')
    expect(service.readiness()).toMatchObject({ pack: digestOf(stricter) })
    // As of the past the pack of then judges; before the first record the first one.
    for (const asOf of [startOfTest + 59 * minute, startOfTest - 1000])
      expect(outcomeOf(await recommendTo(service, 'i1', asOf))).toEqual(asOf > startOfTest ? all : 'unknown')
    expect((await service.rules.proposals('installation')).map(({ status }) => status)).toEqual(['in-force'])
  })
  // The configuration still names the shipped pack: it counts no more, and is told.
  await serve(async ({ service }) => {
    expect(await slate(service)).toBe('no-suitable-product')
    expect(service.rules.kept()).toEqual([expect.stringContaining('rules of all firms')])
    const back = await proposing(service, shipped, { from: clock.now + minute, replaces: digestOf(stricter) }, wang)
    await taken(service, { ...back, pack: null })
    await taken(service, approving(back, li))
    clock.now += minute
    expect(await slate(service)).toEqual(all)
    expect((await service.rules.proposals('installation')).map(({ status }) => status)).toEqual([
      'superseded',
      'in-force',
    ])
    expect(service.rules.kept()).toEqual([])
  })
  expect((await walk()).unentered).toEqual([])
})

test('requests at the very instant are each judged by the pack of their own', async () => {
  await begin()
  const { clock } = installation
  await serve(async ({ service, record }) => {
    for (let n = 0; n < 8; n++) await service.putInvestor(defaultFirm, fitInvestor(`i${n}`))
    await addOfficers(service, li, wang)
    const proposal = await proposing(service, stricter, { from: startOfTest + minute })
    await taken(service, proposal)
    await taken(service, approving(proposal))
    clock.now = startOfTest + minute - 20
    const asked = []
    for (let n = 0; n < 40; n++) {
      asked.push(recommendTo(service, `i${n % 8}`))
      clock.now += 1
      await new Promise((done) => setImmediate(done))
    }
    await Promise.all(asked)
    const judged = new Map<string, number>()
    for await (const { entry } of record.ledger.iterate())
      if (entry.type === 'decision') {
        expect(entry.packDigest).toBe(digestOf(entry.at < startOfTest + minute ? shipped : stricter))
        judged.set(entry.packDigest, (judged.get(entry.packDigest) ?? 0) + 1)
      }
    expect(judged.size).toBe(2)
  })
  expect((await walk()).unentered).toEqual([])
})

test('a purchase check is judged by the pack in force too', async () => {
  await begin()
  await serve(async ({ service }) => {
    await service.putInvestor(defaultFirm, fitInvestor('i1'))
    await addOfficers(service, li, wang)
    const us = readFileSync('packs/us-finra.yaml')
    const proposal = await proposing(service, us)
    await taken(service, proposal)
    await taken(service, approving(proposal))
    const [product] = installation.products
    if (product === undefined) throw new Error('the installation has products')
    const check = async () => {
      const amount = { minor: 100_000, currency: 'CNY' }
      const asked = { firmId: defaultFirm, investorId: fitInvestor('i1').id, productId: product.id, amount }
      const given = await service.checkPurchase(asked)
      return 'check' in given ? given.check.packDigest : given
    }
    expect(await check()).toBe(digestOf(shipped))
    installation.clock.now = startOfTest + 60 * minute
    expect(await check()).toBe(digestOf(us))
  })
})

test('what cannot judge is not taken, and leaves nothing behind', async () => {
  await begin()
  await serve(async ({ service, home }) => {
    await addOfficers(service, li, wang)
    const why = async (document: RuleDocument) => {
      const given = await take(service, document)
      return 'why' in given ? given.why : given
    }
    const good = await proposing(service, stricter)
    const evaluation = readFileSync('packs/eval-open.yaml')
    expect(await why(await proposing(service, evaluation))).toMatch('for offline evaluation alone')
    expect(await why({ ...good, pack: { own: base64(shipped), base: null } })).toMatch(
      'the pack that was sent has the digest',
    )
    expect(await why({ ...good, pack: { own: base64(Buffer.from('id: x')), base: null } })).toMatch(/line 1|rule pack/)
    expect(await why({ ...good, pack: null })).toMatch('send its bytes')
    const expired = Buffer.from(
      shipped.toString().replace('effectiveFrom: 2017-07-01', 'effectiveFrom: 2017-07-01\neffectiveTo: 2026-05-09'),
    )
    expect(await why(await proposing(service, expired, { from: startOfTest + 24 * 60 * minute }))).toMatch(
      'is not in force on the day',
    )
    // A firm's own pack only tightens one that judged all firms, or is shipped.
    expect(await why(await proposing(service, stricter, { firmId: firmB }))).toMatch('extends another')
    expect(await why(await proposing(service, firmFile, { firmId: firmB, base: stricter }))).toMatch(
      'it extends a pack that',
    )
    const forged = { ...good, ...signedBy('rule-proposal', good.statement, { ...zhao, by: li.by }) }
    expect(await take(service, forged)).toEqual({ refused: 'bad-signature' })
    expect(await home.blobs.has(digestOf(stricter))).toBe(false)
    expect(await service.rules.proposals('installation')).toEqual([])
    await taken(service, good)
    expect(await home.blobs.has(digestOf(stricter))).toBe(true)
  })
})

test('two firms: each sees and changes its own, and all firms’', async () => {
  await begin()
  await serve(async ({ service }) => {
    await addOfficers(service, li, wang, zhao)
    await service.putInvestor(firmB, fitInvestor('i1'))
    const own = await proposing(service, firmFile, { firmId: firmB, base: shipped })
    expect(await service.rules.take(defaultFirm, own)).toEqual({ refused: 'other-firm' })
    expect(await service.rules.take(firmB, own)).toMatchObject({ proposal: proposalDigest(own.statement) })
    expect(await service.rules.take(defaultFirm, approving(own))).toEqual({ refused: 'other-firm' })
    expect(await service.rules.take(firmB, approving(own, zhao))).toMatchObject({
      proposal: proposalDigest(own.statement),
    })
    expect(await service.rules.proposals(defaultFirm)).toEqual([])
    expect(await service.rules.proposals(firmB)).toHaveLength(1)
    installation.clock.now = startOfTest + 60 * minute
    const { packs } = await service.rules.inForce(firmB)
    expect(packs.map(({ firmId, pack }) => [firmId, pack?.id])).toEqual([
      [null, 'cn-2026'],
      [firmB, 'cn-2026+prudent'],
    ])
    expect((await service.rules.inForce(defaultFirm)).packs).toHaveLength(1)
    expect(service.readiness()).toMatchObject({ packs: [{ id: 'cn-2026' }, { id: 'cn-2026+prudent' }] })
    expect(JSON.stringify(service.readiness())).not.toContain(firmB)
  })
})

test('of approvals at once one is recorded', async () => {
  await begin()
  await serve(async ({ service }) => {
    await addOfficers(service, li, wang, zhao)
    const proposal = await proposing(service, stricter)
    await taken(service, proposal)
    const approvals = [wang, zhao, wang, zhao, li].map((by) => take(service, approving(proposal, by)))
    const given = await Promise.all(approvals)
    expect(given.filter((one) => 'ledgerIndex' in one)).toHaveLength(1)
    expect(given.map((one) => ('refused' in one ? one.refused : null)).slice(1)).toEqual([
      'proposal-closed',
      'proposal-closed',
      'proposal-closed',
      'same-officer',
    ])
  })
})

test('a clock that stepped back makes nobody able to approve what is past', async () => {
  await begin()
  const { clock } = installation
  const proposal = await serve(async ({ service }) => {
    await service.putInvestor(defaultFirm, fitInvestor('i1'))
    await addOfficers(service, li, wang)
    const proposal = await proposing(service, stricter, { from: startOfTest + minute })
    await taken(service, proposal)
    clock.now = startOfTest + 2 * minute
    expect(await slate(service)).toEqual(all)
    clock.now = startOfTest + 1000
    expect(await take(service, approving(proposal))).toEqual({ refused: 'too-late' })
    return proposal
  })
  for (const back of [minute, 3 * 24 * 60 * minute]) {
    clock.now = startOfTest - back
    await serve(async ({ service }) => {
      const refused = back > 24 * 60 * minute ? 'clock-behind' : 'too-late'
      expect(await take(service, approving(proposal))).toEqual({ refused })
    })
  }
  expect((await walk()).unentered).toEqual([])
})

test('nor does a clock that is days behind the newest decision change what judged it', async () => {
  await begin()
  const { clock } = installation
  const day = 24 * 60 * minute
  const proposal = await serve(async ({ service }) => {
    await service.putInvestor(defaultFirm, fitInvestor('i1'))
    await addOfficers(service, li, wang)
    const proposal = await proposing(service, stricter, { from: startOfTest + 2 * day })
    await taken(service, proposal)
    clock.now = startOfTest + 5 * day
    await recommendTo(service, 'i1')
    return proposal
  })
  clock.now = startOfTest + day
  await serve(async ({ service }) => {
    expect(await take(service, approving(proposal))).toEqual({ refused: 'clock-behind' })
  })
  expect((await walk()).unentered).toEqual([])
})

test('a crash within an approval: what the ledger holds counts, and until it is known nothing is judged beyond', async () => {
  await begin()
  const { clock } = installation
  let broken = false
  const failing = (): Promise<never> => Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' }))
  const disk: typeof nodeDisk = { ...nodeDisk, datasync: (file) => (broken ? failing() : nodeDisk.datasync(file)) }
  const proposal = await installation.serve(
    async (service) => {
      await service.putInvestor(defaultFirm, fitInvestor('i1'))
      await addOfficers(service, li, wang)
      const proposal = await proposing(service, stricter)
      await taken(service, proposal)
      broken = true
      await expect(take(service, approving(proposal))).rejects.toMatchObject({ reason: 'no-ledger' })
      clock.now = startOfTest + 60 * minute
      await expect(recommendTo(service, 'i1')).rejects.toMatchObject({ reason: 'no-ledger' })
      broken = false
      return proposal
    },
    { disk },
  )
  await serve(async ({ service, record }) => {
    const last = await record.ledger.get('rule:5')
    const isRecorded = last?.entry.type === 'rule-approval'
    expect(await slate(service)).toEqual(isRecorded ? 'no-suitable-product' : all)
    expect(await take(service, approving(proposal))).toEqual({ refused: isRecorded ? 'proposal-closed' : 'too-late' })
  })
})

test('while an approval is being written, nobody is judged beyond its instant', async () => {
  await begin()
  const { clock } = installation
  let hold: Promise<void> = Promise.resolve()
  const disk: typeof nodeDisk = { ...nodeDisk, datasync: (file) => hold.then(() => nodeDisk.datasync(file)) }
  await installation.serve(
    async (service) => {
      await service.putInvestor(defaultFirm, fitInvestor('i1'))
      await addOfficers(service, li, wang)
      const proposal = await proposing(service, stricter, { from: startOfTest + minute })
      await taken(service, proposal)
      let release = (): void => undefined
      hold = new Promise((done) => (release = done))
      const approval = take(service, approving(proposal))
      await new Promise((done) => setTimeout(done, 50))
      clock.now = startOfTest + minute
      await expect(recommendTo(service, 'i1')).rejects.toMatchObject({ reason: 'no-ledger' })
      release()
      expect(await approval).toMatchObject({ entryId: 'rule:5' })
      expect(await slate(service)).toBe('no-suitable-product')
    },
    { disk },
  )
})

test('entries about rules that nobody could have signed stop the opening', async () => {
  await begin()
  await serve(async ({ service, record }) => {
    await addOfficers(service, li, wang)
    const proposal = await proposing(service, stricter)
    await taken(service, proposal)
    const forged = approvalOf(proposal.statement, wang)
    const signatures = signedBy('rule-approval', forged, { ...zhao, by: wang.by }).signatures
    await record.ledger.append({
      v: 1,
      type: 'rule-approval',
      entryId: 'rule:5',
      at: startOfTest + minute,
      statement: forged,
      signatures,
    })
  })
  await expect(serve(() => Promise.resolve())).rejects.toThrow(/entry rule:5 about rules does not hold/)
  expect((await walk()).unentered).toEqual([expect.objectContaining({ entryId: 'rule:5', what: 'rule pack' })])
})

test('until two officers are registered the configuration counts, and each change of it is an entry', async () => {
  await begin({ firmPacks: [{ firmId: firmB, source: './firm.yaml', file: resolve('examples/firm-pack/firm.yaml') }] })
  const inForce = () =>
    serve(async ({ service, record }) => ({
      ...(await service.rules.inForce('installation')),
      size: record.ledger.size(),
    }))
  const first = await inForce()
  expect(first.packs.map(({ firmId, origin }) => [firmId, origin])).toEqual([
    [null, 'configuration'],
    [firmB, 'configuration'],
  ])
  expect((await inForce()).size).toBe(first.size)
  const without = (home: Home): Home => {
    const [common] = home.packs.all
    return { ...home, packs: { ...home.packs, all: [common], firms: [], of: () => common } }
  }
  const ended = async () =>
    installation.serve(
      async (service, _, { ledger }) => [await ledger.latest('pack-in-force'), ledger.size(), service.rules.kept()],
      { home: without },
    )
  expect(await ended()).toEqual([expect.objectContaining({ firmId: firmB, packDigest: null }), first.size + 1, []])
  expect(await ended()).toEqual([expect.objectContaining({ firmId: firmB, packDigest: null }), first.size + 1, []])
  // From the second officer on it is told alone.
  await installation.serve((service) => addOfficers(service, li, wang), { home: without })
  await serve(async ({ service, record }) => {
    expect(record.ledger.size()).toBe(first.size + 3)
    expect(service.rules.kept()).toEqual([
      expect.stringMatching(/^rules of firm firm-b: in force is no pack of its own; .* gives sha256/),
    ])
    expect((await service.rules.inForce(firmB)).packs).toHaveLength(1)
  })
})

test('over HTTP: the signatures decide, a key of scope risk hands them in', async () => {
  await begin()
  const { clock } = installation
  await serve(async ({ service }) => {
    await service.putInvestor(defaultFirm, fitInvestor('i1'))
    await addOfficers(service, li, wang)
    const http = await httpOver(service, () => clock.now)
    const proposal = await proposing(service, stricter)
    const body = z.encode(ProposalDocument, proposal)
    const forged = { ...body, statement: { ...body.statement, reason: 'another' } }
    expect((await http.ask('proposeRules', { body: forged })).json).toMatchObject({ reason: 'bad-signature' })
    expect((await http.ask('proposeRules', { body, scope: 'app' })).status).toBe(403)
    const headers = { 'idempotency-key': 'once' }
    const made = await http.ask('proposeRules', { body, headers })
    expect([made.status, made.json]).toEqual([
      200,
      expect.objectContaining({ proposal: proposalDigest(proposal.statement) }),
    ])
    expect((await http.ask('proposeRules', { body, headers })).json).toEqual(made.json)
    expect((await http.ask('proposeRules', { body })).json).toMatchObject({ reason: 'proposal-known' })
    const listed = await http.ask('listRuleProposals')
    expect(listed.json).toMatchObject({ items: [{ status: 'waiting', diff: { rules: { added: ['NO-BONDS'] } } }] })

    const path = `/v1/rules/proposals/${proposalDigest(proposal.statement)}/approvals`
    const own = z.encode(ApprovalDocument, approving(proposal, li))
    expect((await http.ask('approveRules', { path, body: own })).json).toMatchObject({ reason: 'same-officer' })
    const approval = z.encode(ApprovalDocument, approving(proposal))
    const elsewhere = path.replace(/sha256:.{8}/, 'sha256:00000000')
    expect((await http.ask('approveRules', { path: elsewhere, body: approval })).status).toBe(422)
    expect((await http.ask('approveRules', { path, body: approval })).status).toBe(200)
    expect((await http.ask('rulesInForce')).json).toMatchObject({
      fourEyes: true,
      packs: [{ firmId: null, origin: 'configuration', upcoming: [{ packDigest: digestOf(stricter) }] }],
    })
    clock.now = startOfTest + 60 * minute
    expect((await http.ask('rulesInForce')).json).toMatchObject({
      packs: [{ pack: { digest: digestOf(stricter) }, upcoming: [] }],
    })
    const metrics = (await http.ask('metrics')).text
    expect(metrics).toContain(`aptus_rule_pack_in_force{pack="cn-2026",version="2",digest="${digestOf(stricter)}"} 1`)
    await http.close()
  })
})
