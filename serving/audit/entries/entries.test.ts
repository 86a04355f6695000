import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type DecisionEntry } from '../../../audit/entry.js'
import { type PurchaseFacts } from '../../../audit/purchases.js'
import { type Record as Recorded } from '../../../audit/record.js'
import { parseCheckpoint } from '../../../audit/checkpoint.js'
import { rootOfInclusion } from '../../../audit/merkle/verifyProof.js'
import { openNote } from '../../../audit/signedNote.js'
import { FirmId, InvestorId, ProductId } from '../../../features/schema/ids.js'
import { openDuckDb, literal } from '../../../storage/duckdb.js'
import { leafHash } from '../../../storage/segmentFormat.js'
import { type Http, httpOver } from '../../../tests/httpApp.js'
import {
  fitInvestor,
  fitProduct,
  type Installation,
  realInstallation,
  recommendTo,
} from '../../../tests/realService.js'
import { folders } from '../../home.js'
import { defaultFirm } from '../../investorKey.js'
import { type Service } from '../../service.js'

let installation: Installation
const over = (work: (http: Http, service: Service, record: Recorded) => Promise<void>): Promise<void> =>
  installation.serve(async (service, _home, record) => {
    const http = await httpOver(service, () => installation.clock.now)
    await work(http, service, record).finally(http.close)
  })
const investors = ['I1', 'I2', 'I3'] as const

beforeAll(async () => {
  installation = await realInstallation()
  await installation.serve(async (service) => {
    for (const id of investors) await service.putInvestor(defaultFirm, fitInvestor(id))
    await service.putInvestor(defaultFirm, fitInvestor('Refused', { riskAssessment: null, assessments: [] }))
    await service.putInvestor(FirmId.parse('other'), fitInvestor('I1'))
    installation.clock.now += 1000
    for (let round = 0; round < 4; round++) {
      for (const id of [...investors, 'Refused']) await recommendTo(service, id)
      installation.clock.now += 60_000
    }
    const amount = { minor: 100_000, currency: 'CNY' } as const
    for (const productId of ['P1', 'P2'])
      await service.checkPurchase({
        firmId: defaultFirm,
        investorId: InvestorId.parse('I1'),
        productId: ProductId.parse(productId),
        amount,
      })
    await service.recommend({
      firmId: FirmId.parse('other'),
      investorId: InvestorId.parse('I1'),
      size: 3,
      scene: 'search',
      exclude: [],
    })
    await recommendTo(service, 'I2', installation.clock.now - 1)
  })
}, 120_000)
afterAll(() => installation.destroy())

type Page = { readonly items: readonly FoundJson[]; readonly next: number | null }
type FoundJson = {
  readonly ledgerIndex: number
  readonly entryId: string
  readonly type: string
  readonly at: string
  readonly mode: string | null
  readonly products: readonly string[]
  readonly sealed: unknown
}

const pageOf = async ({ ask }: Http, query: string): Promise<Page> =>
  (await ask('findEntries', { path: `/v1/decisions?${query}` })).json as Page

const ledgerOf = async (record: Recorded) => {
  const all = []
  for await (const { index, entry, bytes } of record.ledger.iterate()) all.push({ index, entry, bytes })
  return all
}

test(
  'what the ledger holds of an investor, a product, a rule, an outcome, a type and a time is found over HTTP',
  () =>
    over(async (http, _service, record) => {
      const all = await ledgerOf(record)
      const ofFirm = all.filter(({ entry }) => !('firmId' in entry) || (entry.firmId ?? defaultFirm) === defaultFirm)
      const indices = (of: typeof all) => of.map(({ index }) => index).reverse()
      const found = async (query: string) => (await pageOf(http, query)).items.map(({ ledgerIndex }) => ledgerIndex)
      expect(await found('limit=1000')).toEqual(indices(ofFirm))

      const i1 = await record.persons.pseudonymOf(defaultFirm, InvestorId.parse('I1'))
      const his = ofFirm.filter(({ entry }) => 'pseudonym' in entry && entry.pseudonym === i1)
      expect(his.length).toBe(4 + 2)
      expect(await found('investor=I1')).toEqual(indices(his))
      expect(await found(`pseudonym=${i1}`)).toEqual(indices(his))
      expect(await found('investor=I2&pseudonym=' + i1)).toEqual([])
      expect(await found('investor=nobody')).toEqual([])

      const checks = ofFirm.filter(({ entry }) => entry.type === 'purchase-check')
      expect(await found('type=purchase-check')).toEqual(indices(checks))
      const facts = await Promise.all(
        checks.map(async ({ index, entry }) => ({
          index,
          facts: (entry.type === 'purchase-check' ? await record.factsOf(entry) : null) as PurchaseFacts,
        })),
      )
      const warned = [...new Set(facts.flatMap(({ facts: { check } }) => check.warnings.map(({ ruleId }) => ruleId)))]
      expect(warned.length).toBeGreaterThan(0)
      for (const rule of warned) expect((await found(`rule=${rule}`)).length).toBeGreaterThan(0)
      expect(await found('outcome=warn&type=purchase-check')).toEqual(
        facts
          .filter(({ facts: { check } }) => check.verdict === 'warn')
          .map(({ index }) => index)
          .reverse(),
      )

      const decisions = ofFirm.flatMap(({ index, entry }) => (entry.type === 'decision' ? [{ index, entry }] : []))
      const showing =
        (id: string) =>
        ({ entry }: { entry: DecisionEntry }): boolean =>
          entry.outcome.kind !== 'refusal' && entry.outcome.slate.some(({ productId }) => productId === id)
      expect(await found('product=P1&type=decision')).toEqual(
        decisions
          .filter(showing('P1'))
          .map(({ index }) => index)
          .reverse(),
      )
      expect((await found('product=P1')).length).toBe(decisions.filter(showing('P1')).length + 1)
      expect((await found('outcome=refusal')).length).toBe(4)
      expect((await found('outcome=no-assessment')).length).toBe(4)
      const middle = decisions[8]?.entry.at ?? 0
      const instant = new Date(middle).toISOString()
      expect(await found(`type=decision&from=${instant}`)).toEqual(
        decisions
          .filter(({ entry }) => entry.at >= middle)
          .map(({ index }) => index)
          .reverse(),
      )
      expect(await found(`type=decision&to=${instant}`)).toEqual(
        decisions
          .filter(({ entry }) => entry.at < middle)
          .map(({ index }) => index)
          .reverse(),
      )
    }),
  60_000,
)

test('pages follow one another without gap or repetition, and the last says so', () =>
  over(async (http) => {
    const whole = await pageOf(http, 'limit=1000')
    expect(whole.next).toBeNull()
    const seen: number[] = []
    let after = ''
    for (let pages = 0; pages < 50; pages++) {
      const page = await pageOf(http, `limit=3${after}`)
      seen.push(...page.items.map(({ ledgerIndex }) => ledgerIndex))
      if (page.next === null) break
      after = `&after=${page.next}`
    }
    expect(seen).toEqual(whole.items.map(({ ledgerIndex }) => ledgerIndex))
  }))

test.each([
  'investor=a%20b',
  'rule=cn-match',
  'outcome=lost',
  'type=nothing',
  'from=yesterday',
  'limit=0',
  'limit=1001',
  'after=-1',
  'firm=other',
  `rule=X'%20OR%201=1`,
  `product=P1'`,
  'pseudonym=abc',
])('a query with %s is refused by name', (query) =>
  over(async ({ ask }) => {
    const reply = await ask('findEntries', { path: `/v1/decisions?${query}` })
    expect(reply.status).toBe(422)
    expect(JSON.stringify(reply.json)).toContain(`/${query.slice(0, query.indexOf('='))}`)
  }),
)

test('a sample is what anybody draws from the ledger by the same seed; each member is proved', () =>
  over(async ({ ask }, service, record) => {
    const decisions = (await ledgerOf(record)).flatMap(({ entry }) =>
      entry.type === 'decision' && entry.firmId === defaultFirm && entry.mode === 'live' ? [entry.decisionId] : [],
    )
    const { vkey } = await service.audit.checkpoint()
    const drawn = []
    for (const seed of [1, 2]) {
      const reply = await ask('sampleDecisions', { path: `/v1/decisions/sample?n=5&seed=${seed}` })
      const sample = reply.json as {
        population: number
        checkpoint: string
        items: (FoundJson & { entry: string; proof: string })[]
      }
      const rank = (id: string) => createHash('sha256').update(`aptus sample 1 ${seed} ${id}`).digest('hex')
      const want = [...decisions].sort((a, b) => (rank(a) < rank(b) ? -1 : 1)).slice(0, 5)
      expect(sample.items.map(({ entryId }) => entryId)).toEqual(want)
      expect(sample.population).toBe(16)
      const head = parseCheckpoint(openNote(sample.checkpoint, vkey) ?? '')
      for (const { ledgerIndex, entry, proof } of sample.items) {
        const [version, index, ...path] = proof.slice(0, proof.indexOf('\n\n')).split('\n')
        expect([version, index]).toEqual(['c2sp.org/tlog-proof@v1', `index ${ledgerIndex}`])
        const leaf = leafHash(Buffer.from(entry, 'base64'))
        const hashes = path.map((hash) => Buffer.from(hash, 'base64'))
        expect(rootOfInclusion(leaf, ledgerIndex, head?.size ?? 0, hashes)).toEqual(head?.root)
      }
      drawn.push(sample.items.map(({ entryId }) => entryId))
    }
    expect(drawn[0]).not.toEqual(drawn[1])
  }))

test('coverage counts what occurred, and names what never did', () =>
  over(async ({ ask }) => {
    const found = (await ask('coverDecisions')).json as {
      types: { type: string; entries: number }[]
      rules: { effect: string; ruleId: string; entries: number }[]
      classes: { level: string; ageBand: string; entries: number }[]
      products: { productId: string; entries: number }[]
      packRules: { id: string; rules: number; never: string[] }[]
      neverShown: { ids: string[] }
      neverClasses: unknown[]
      neverScenes: string[]
      neverRefusals: string[]
    }
    // Live ones: the historical decision is none.
    expect(found.types).toContainEqual({ type: 'decision', entries: 16 })
    expect(found.types).toContainEqual({ type: 'purchase-check', entries: 2 })
    expect(found.classes).toEqual([
      { level: 'C4', investorClass: 'ordinary', ageBand: '45–54', entries: 12 },
      { level: 'none', investorClass: 'ordinary', ageBand: '45–54', entries: 4 },
    ])
    expect(found.neverClasses.length + found.classes.length).toBe(7 * 2 * 8)
    expect(found.products.map(({ productId }) => productId).sort()).toEqual(['P1', 'P2', 'P3', 'P4', 'P5'])
    expect(found.neverShown.ids).toEqual([])
    expect(found.neverScenes).toEqual(['detail', 'search', 'holdings'])
    expect(found.neverRefusals).toContain('consent-missing')
    expect(found.neverRefusals).not.toContain('no-assessment')
    const [pack] = found.packRules
    expect(pack?.id).toBe('cn-2026')
    expect(found.rules).toContainEqual({ effect: 'refused', ruleId: 'CN-ASSESS', entries: 4 })
    expect(pack?.never).not.toContain('CN-ASSESS')
    expect(pack?.never).toContain('CN-C1MIN')
    const met = new Set(found.rules.map(({ ruleId }) => ruleId))
    expect((pack?.never ?? []).filter((rule) => met.has(rule))).toEqual([])
    const nothing = (await ask('coverDecisions', { path: '/v1/decisions/coverage?to=2000-01-01T00:00:00Z' })).json
    expect(nothing).toMatchObject({ types: [], packRules: [], neverShown: { products: 5, of: 5 } })
  }))

test('products that the rules permitted to nobody are told apart from those that only were not shown', () =>
  over(async (_http, service) => {
    const { entries } = service.audit
    const withdrawn = fitProduct('P6', { status: 'suspended' })
    await service.putProduct(withdrawn)
    // Fit, but not of the release: nobody can be shown it.
    await service.putProduct(fitProduct('P7'))
    installation.clock.now += 1000
    await recommendTo(service, 'I3')
    const found = await entries.neverPermitted(defaultFirm, {})
    expect(found).toEqual({ judged: 13, erased: 0, of: 7, ids: ['P6'] })
    expect((await entries.coverage(defaultFirm, {})).neverShown.ids).toEqual(['P6', 'P7'])
    const before = await entries.neverPermitted(defaultFirm, { to: installation.clock.now })
    expect(before).toEqual({ judged: 12, erased: 0, of: 7, ids: ['P6', 'P7'] })
  }))

/** Every cell of every Parquet file of the search, whatever its manifest says. */
async function everyCell(): Promise<readonly (readonly unknown[])[]> {
  const dir = join(installation.dir, folders.search)
  const database = await openDuckDb(join(installation.dir, 'spill-test'), '256MB')
  const files = (await readdir(dir)).filter((name) => name.includes('.parquet'))
  expect((await readdir(dir)).filter((name) => !name.includes('.parquet')).sort()).toEqual(['manifest.json'])
  const rows = []
  for (const name of files)
    rows.push(...(await database.rows(`SELECT * FROM read_parquet(${literal(join(dir, name))})`)))
  await database.close()
  return rows
}

const personalOf = (rows: readonly (readonly unknown[])[], pseudonym: string | null) =>
  rows.filter((row) => row[4] === pseudonym).map((row) => row.slice(16).filter((cell) => cell !== null))

test('no file holds what was sealed of an erased person; one cut short before his key was destroyed is finished', async () => {
  const erased: (string | null)[] = []
  await over(async (http, service, record) => {
    const id = InvestorId.parse('I1')
    const pseudonym = await record.persons.pseudonymOf(defaultFirm, id)
    await pageOf(http, 'limit=1')
    expect(personalOf(await everyCellWhileOpen(), pseudonym).flat().length).toBeGreaterThan(20)
    await service.eraseInvestor(defaultFirm, id)
    erased.push(pseudonym)
    const page = await pageOf(http, `pseudonym=${pseudonym}`)
    // The newest says that he was erased, and seals nothing.
    expect(page.items.map(({ sealed }) => sealed)).toEqual([null, ...Array.from({ length: 6 }, () => 'erased')])
    expect((await pageOf(http, 'investor=I1')).items).toEqual([])
    expect((await pageOf(http, 'investor=I2')).items.length).toBe(5)
  })
  // A crash after the erasure was entered: the next opening finishes it, in the search too.
  await installation.serve(async (_service, home, record) => {
    const investorId = InvestorId.parse('I2')
    erased.push(await record.persons.pseudonymOf(defaultFirm, investorId))
    await home.erasures.begin({ firmId: defaultFirm, investorId })
  })
  await installation.serve(async (service) => {
    expect(
      (await service.audit.entries.find(defaultFirm, { investorId: InvestorId.parse('I2') }, { limit: 9 })).items,
    ).toEqual([])
  })
  const rows = await everyCell()
  for (const pseudonym of erased) {
    expect(rows.filter((row) => row[4] === pseudonym).length).toBeGreaterThan(4)
    expect(personalOf(rows, pseudonym).flat()).toEqual([])
  }
}, 60_000)

async function everyCellWhileOpen(): Promise<readonly (readonly unknown[])[]> {
  const dir = join(installation.dir, folders.search)
  const database = await openDuckDb(join(installation.dir, 'spill-test'), '256MB')
  const rows = await database.rows(`SELECT * FROM read_parquet(${literal(join(dir, '*.parquet'))})`)
  await database.close()
  return rows
}
