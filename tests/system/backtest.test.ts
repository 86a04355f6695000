import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Backtest } from '../../audit/backtest/backtest.js'
import { InvestorId } from '../../features/schema/ids.js'
import { type BacktestReport } from '../../serving/audit/backtest/backtest.js'
import { defaultFirm } from '../../serving/investorKey.js'
import { loadPack } from '../../serving/packs.js'
import {
  fitInvestor,
  fitProduct,
  type Installation,
  realInstallation,
  recommendTo,
  startOfTest,
} from '../realService.js'
import { aptus, expectSentence, isBuilt, jsonOf } from './aptus.js'

const suite = isBuilt('tests/system/backtest.test.ts') ? describe : describe.skip
const firmPack = 'examples/firm-pack/firm.yaml'

suite('aptus audit backtest', () => {
  let installation: Installation
  /** As the service itself finds, judging in one thread. */
  let own: BacktestReport

  beforeAll(async () => {
    installation = await realInstallation()
    const { rating } = fitProduct('P1')
    const r4 = fitProduct('P1', { rating: rating && { ...rating, level: 'R4' } })
    own = await installation.serve(async (service) => {
      await service.putProduct(r4)
      const people = ['i1', 'i2', 'i3', 'gone'].map((id) => fitInvestor(id))
      const knowing = fitInvestor('knows', { knowledge: { bond: 'basic' } })
      for (const person of [...people, knowing]) await service.putInvestor(defaultFirm, person)
      installation.clock.now += 1000
      for (const { id } of [...people, knowing, knowing]) await recommendTo(service, id)
      await recommendTo(service, 'i1', startOfTest + 500)
      await service.eraseInvestor(defaultFirm, InvestorId.parse('gone'))
      const { pack } = await loadPack(firmPack, 'packs')
      return service.audit.backtest(pack, { firmId: defaultFirm, from: null, to: null }, () => undefined)
    })
  })
  afterAll(() => installation.destroy())

  const on = (...args: string[]): string[] => ['audit', 'backtest', ...args, '--data', installation.dir]

  test('a worker finds what one thread finds, and the report is the page whose digest is told', async () => {
    const out = join(installation.root, 'report.html')
    const found = (await jsonOf(on(firmPack, '--out', out))) as Backtest & { report: string; seconds: number }
    const { ledger: _then, ...figures } = own.backtest
    expect(found).toMatchObject(figures)
    expect(found.decisions).toMatchObject({ compared: 5, erased: 1, leftOut: 1, unlikeRecord: 0 })
    expect(found.total).toMatchObject({ lost: 3, gained: 0, changed: { decisions: 3, investors: 3 } })
    expect(found.rules).toMatchObject([{ ruleId: 'FIRM-KNOWN-KIND', blocked: { items: 3, decisions: 3 } }])
    const page = await readFile(out)
    expect(found.report).toBe(`sha256:${createHash('sha256').update(page).digest('hex')}`)
    expect(page.toString()).toContain('Of 5 decisions for 4 investors, 3 (60.0 %) would have differed')
    const told = new Set(own.backtest.examples.map(({ decisionId }) => decisionId))
    expect(told.size).toBe(1)
    const reads = await installation.serve(async (_service, _home, { ledger }) => {
      const found: unknown[] = []
      for await (const { entry } of ledger.iterate())
        if (entry.type === 'profile-read') found.push([entry.how, entry.of])
      return found
    })
    expect(new Set(reads)).toEqual(new Set([...told].map((id) => ['aptus audit backtest', id])))
    expect(reads).toHaveLength(1)
  }, 120_000)

  test('a pack that is kept goes by its digest, beside itself it changes nothing, and of no period there is nothing', async () => {
    const [{ digest = '' } = {}] = own.backtest.judgedBy
    const found = (await jsonOf(on(digest))) as Backtest
    expect([found.total.decisions, found.total.changed.decisions, found.products]).toEqual([5, 0, []])
    const none = await aptus(on(digest, '--to', '2026-01-01T00:00:00Z'))
    expect([none.code, none.stdout]).toEqual([0, expect.stringContaining('There is no recorded decision to compare.')])
  }, 120_000)

  test.each([
    [2, 'there is no file', ['no-such.yaml']],
    [2, 'no pack of digest', [`sha256:${'0'.repeat(64)}`]],
    [2, 'for offline evaluation', ['packs/eval-open.yaml']],
    [2, 'for offline evaluation', ['eval-open']],
    [2, 'no rule pack', ['package.json']],
    [2, 'want an instant', [firmPack, '--from', 'yesterday']],
    [1, 'was not written', [firmPack, '--out', 'no-such-folder/report.html']],
  ])(
    'ends with %d where %s',
    async (code, says, args) => {
      const ended = await aptus(on(...args))
      expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(says)])
      expectSentence(ended, installation.dir)
    },
    120_000,
  )
})
