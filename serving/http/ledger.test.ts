import { parseCheckpoint } from '../../audit/checkpoint.js'
import { consistencyHolds, rootOfInclusion } from '../../audit/merkle/verifyProof.js'
import { openNote } from '../../audit/signedNote.js'
import { nodeDisk, type SegmentDisk } from '../../storage/segmentDisk.js'
import { leafHash } from '../../storage/segmentFormat.js'
import { type Http, httpOver } from '../../tests/httpApp.js'
import { fitInvestor, type Installation, realInstallation, recommendTo } from '../../tests/realService.js'
import { systemEntry } from '../../tests/systemEntries.js'
import { defaultFirm } from '../investorKey.js'
import { type Service } from '../service.js'
import { type ConsistencyProof, type EntryProof, type SignedHead } from '../audit/auditService.js'

let installation: Installation
beforeAll(async () => {
  installation = await realInstallation()
})
afterAll(() => installation.destroy())

const over = (work: (http: Http, service: Service) => Promise<void>): Promise<void> =>
  installation.serve(async (service) => {
    const http = await httpOver(service, () => installation.clock.now)
    await work(http, service).finally(http.close)
  })
const bytes = (text: string): Buffer => Buffer.from(text, 'base64')
/** Records one decision of an investor who is known from before it. */
const recorded = async (service: Service): Promise<string> => {
  installation.clock.now += 1000
  const given = await recommendTo(service, 'I1')
  if ('unknownInvestor' in given) throw new Error('I1 is not known')
  return given.decisionId
}

test('checkpoint, consistency and proof lead to one another, by the keys that they name', () =>
  over(async ({ ask }, service) => {
    await service.putInvestor(defaultFirm, fitInvestor('I1'))
    const id = await recorded(service)
    const first = (await ask('ledgerCheckpoint', { headers: { accept: 'application/json' } })).json as SignedHead
    for (let number = 0; number < 5; number++) await recorded(service)
    const reply = await ask('ledgerCheckpoint')
    expect(reply.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    const present = parseCheckpoint(openNote(reply.text, first.vkey) ?? '')
    expect(present?.size).toBe(first.size + 5)

    const path = `/v1/ledger/consistency?from=${first.size}&to=${first.size + 5}`
    const proof = (await ask('ledgerConsistency', { path })).json as ConsistencyProof
    expect(proof.to).toEqual({ size: present?.size, root: present?.root.toString('base64') })
    const [from, to] = [proof.from, proof.to].map(({ size, root }) => ({ size, root: bytes(root) }))
    expect(from?.root).toEqual(bytes(first.root))
    expect(consistencyHolds(from!, to!, proof.hashes.map(bytes))).toBe(true)

    const shown = (await ask('proveDecision', { path: `/v1/decisions/${id}/proof` })).json as EntryProof
    const [head, index, ...rest] = shown.proof.slice(0, shown.proof.indexOf('\n\n')).split('\n')
    expect([head, index]).toEqual(['c2sp.org/tlog-proof@v1', `index ${shown.index}`])
    expect(shown.proof.slice(shown.proof.indexOf('\n\n') + 2)).toBe(reply.text)
    const root = rootOfInclusion(leafHash(bytes(shown.entry)), shown.index, present?.size ?? 0, rest.map(bytes))
    expect(root).toEqual(present?.root)
  }))

test.each([
  ['from=9999', '/from'],
  ['from=0&to=9999', '/to'],
  ['from=1&to=0', '/from'],
  ['from=-1', '/from'],
  ['to=1', '/from'],
])('consistency of %s is refused', (query, pointer) =>
  over(async ({ ask }) => {
    const { status, json } = await ask('ledgerConsistency', { path: `/v1/ledger/consistency?${query}` })
    expect({ status, json }).toMatchObject({ status: 422, json: { errors: [{ in: 'query', pointer }] } })
  }),
)

test('nobody proves another firm’s decision, nor one that is not there, nor without the scope', () =>
  over(async ({ ask }, service) => {
    const id = await recorded(service)
    const { audit } = service
    expect(await audit.proof('other' as typeof defaultFirm, id)).toBeNull()
    expect(await audit.proof(defaultFirm, id)).not.toBeNull()
    expect((await ask('proveDecision', { path: '/v1/decisions/d-none/proof' })).status).toBe(404)
    for (const name of ['ledgerCheckpoint', 'ledgerConsistency', 'proveDecision'] as const)
      expect((await ask(name, { scope: 'app', path: '/v1/ledger/checkpoint' })).status).toBe(403)
  }))

test('a ledger that cannot write signs nothing', async () => {
  let broken = false
  const disk: SegmentDisk = {
    ...nodeDisk,
    datasync: (file) =>
      broken ? Promise.reject(Object.assign(new Error('injected'), { code: 'EIO' })) : nodeDisk.datasync(file),
  }
  await installation.serve(
    async (service, _, { ledger }) => {
      broken = true
      await expect(ledger.append(systemEntry(1))).rejects.toMatchObject({ code: 'failed' })
      const http = await httpOver(service, () => installation.clock.now)
      const reply = await http.ask('ledgerCheckpoint').finally(http.close)
      expect(reply.status).toBe(503)
    },
    { disk },
  )
})
