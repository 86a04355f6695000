import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type z } from 'zod'
import { type Entry } from '../../audit/entry.js'
import { Digest, FirmId, InvestorId } from '../../features/schema/ids.js'
import { type Http, httpOver } from '../../tests/httpApp.js'
import { fitInvestor, fitProduct, type Installation, realInstallation, recommendTo } from '../../tests/realService.js'
import { type Record } from '../../audit/record.js'
import { defaultFirm } from '../investorKey.js'
import { loadPack } from '../packs.js'
import { type Service } from '../service.js'
import { type BacktestAnswer } from './backtestSchemas.js'

type Standing = z.input<typeof BacktestAnswer>
const firmFile = 'examples/firm-pack/firm.yaml'
const digestOf = (bytes: string) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
const base64 = async (file: string): Promise<string> => (await readFile(file)).toString('base64')

let installation: Installation
beforeEach(async () => {
  installation = await realInstallation()
})
afterEach(() => installation.destroy())

/** Three decisions, of which the firm's own rule changes one: it asks for knowledge of bonds above R3. */
const over = (work: (http: Http, service: Service, record: Record) => Promise<void>): Promise<void> =>
  installation.serve(async (service, _, record) => {
    const { rating } = fitProduct('P1')
    await service.putProduct(fitProduct('P1', { rating: rating && { ...rating, level: 'R4' } }))
    await service.putInvestor(defaultFirm, fitInvestor('i1'))
    await service.putInvestor(defaultFirm, fitInvestor('knows', { knowledge: { bond: 'basic' } }))
    installation.clock.now += 1000
    for (const id of ['i1', 'knows', 'knows']) await recommendTo(service, id)
    const http = await httpOver(service, () => installation.clock.now)
    await work(http, service, record).finally(http.close)
  })

const firmPack = async () => ({ own: await base64(firmFile), base: await base64('packs/cn-2026.yaml') })
const done = async ({ ask }: Http, id: string): Promise<Standing> => {
  for (;;) {
    const standing = (await ask('showBacktest', { path: `/v1/rules/backtests/${id}` })).json as Standing
    if (standing.status === 'done') return standing
  }
}
const started = async ({ ask }: Http, pack: object): Promise<Standing> => {
  const reply = await ask('startBacktest', { body: { pack } })
  expect(reply.status).toBe(202)
  const begun = reply.json as Standing
  expect(reply.headers.get('location')).toBe(`/v1/rules/backtests/${begun.id}`)
  return begun
}
const readsIn = async ({ ledger }: Record): Promise<Entry[]> => {
  const found: Entry[] = []
  for await (const { entry } of ledger.iterate()) if (entry.type === 'profile-read') found.push(entry)
  return found
}

test('begun, looked after, and read: the figures and the page of the command', () =>
  over(async (http, service, record) => {
    const { pack } = await loadPack(firmFile, 'packs')
    const own = await service.audit.backtest(pack, { firmId: defaultFirm, from: null, to: null }, () => undefined)
    expect(own.backtest.total).toMatchObject({ decisions: 3, lost: 1 })
    const { id, ...begun } = await started(http, await firmPack())
    expect(begun).toMatchObject({ status: 'under-way', candidate: { digest: pack.digest }, figures: null })
    const found = await done(http, id)
    expect(found).toMatchObject({ report: own.digest, looked: own.backtest.ledger.entries })
    expect(found.entries).toBe(found.looked)
    const { firstAt, lastAt, examples, ...figures } = own.backtest
    expect(found.figures).toMatchObject(JSON.parse(JSON.stringify(figures)) as object)
    expect([found.figures?.firstAt, found.figures?.lastAt].map((text) => Date.parse(text ?? ''))).toEqual([
      firstAt,
      lastAt,
    ])
    // Examples of one person, told once as figures, and again as a page.
    const [told, ...others] = new Set(examples.map(({ decisionId }) => decisionId))
    expect(others).toEqual([])
    expect(await readsIn(record)).toMatchObject([{ how: 'showBacktest', of: told }])
    const page = await http.ask('backtestReport', { path: `/v1/rules/backtests/${id}/report` })
    expect([page.status, digestOf(page.text)]).toEqual([200, own.digest])
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect((await readsIn(record)).map((entry) => 'how' in entry && entry.how)).toEqual([
      'showBacktest',
      'backtestReport',
    ])
  }))

test('a pack that is in force goes by its digest, and of a period that has none there is nothing', () =>
  over(async (http, service) => {
    const [inForce] = (await service.rules.inForce(defaultFirm)).packs
    const digest = inForce?.pack?.digest
    const same = await done(http, (await started(http, { digest })).id)
    expect(same.figures?.total).toMatchObject({ decisions: 3, changed: { decisions: 0 } })
    const body = { pack: { digest }, to: '2026-01-01T00:00:00Z' }
    const begun = (await http.ask('startBacktest', { body })).json as Standing
    expect(begun).toMatchObject({ from: null, to: '2026-01-01T00:00:00Z' })
    expect((await done(http, begun.id)).figures?.total.decisions).toBe(0)
  }))

test('what is no pack of the firm, and what is not to be found, are refused', () =>
  over(async (http, service) => {
    const refused = async (pack: object): Promise<string> => {
      const reply = await http.ask('startBacktest', { body: { pack } })
      expect(reply.status).toBe(422)
      return reply.text
    }
    expect(await refused({ digest: `sha256:${'0'.repeat(64)}` })).toContain('send its bytes')
    expect(await refused({ own: await base64('package.json'), base: null })).toContain('"/pack"')
    expect(await refused({ own: await base64('packs/eval-open.yaml'), base: null })).toContain('offline evaluation')
    expect(await refused({})).toContain('/pack')
    const { id } = await started(http, await firmPack())
    await done(http, id)
    expect(service.audit.backtests.find(FirmId.parse('another'), id)).toBeNull()
    const none = `/v1/rules/backtests/b-${'0'.repeat(32)}`
    const answers = [
      await http.ask('showBacktest', { path: none }),
      await http.ask('backtestReport', { path: `${none}/report` }),
      await http.ask('showBacktest', { path: '/v1/rules/backtests/b-1' }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 422])
  }))

test('a pack of another firm is tried by that firm alone', async () => {
  const firmB = FirmId.parse('firm-b')
  installation.configure({ firmPacks: [{ firmId: firmB, source: firmFile, file: resolve(firmFile) }] })
  await over(async (_, { rules }) => {
    const own = (await rules.inForce(firmB)).packs.find(({ firmId }) => firmId === firmB)
    const digest = Digest.parse(own?.pack?.digest)
    expect(await rules.candidate(firmB, { digest })).toMatchObject({ digest })
    expect(await rules.candidate(defaultFirm, { digest })).toMatchObject({ refused: 'pack' })
  })
})

test('where somebody was erased, what was found before is not told any more', () =>
  over(async (http, service, record) => {
    const { id } = await started(http, await firmPack())
    await done(http, id)
    const before = (await readsIn(record)).length
    await service.eraseInvestor(defaultFirm, InvestorId.parse('i1'))
    for (const [name, path] of [
      ['showBacktest', ''],
      ['backtestReport', '/report'],
    ] as const)
      expect((await http.ask(name, { path: `/v1/rules/backtests/${id}${path}` })).status).toBe(404)
    expect(await readsIn(record)).toHaveLength(before)
    const again = await done(http, (await started(http, await firmPack())).id)
    expect(again.figures?.decisions).toMatchObject({ compared: 2, erased: 1 })
  }))
