import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Event } from '../../schema/event.js'
import { Finances, type Investor } from '../../schema/investor.js'
import { type Product } from '../../schema/product.js'
import { type EventRecord, type InvestorRecord } from '../../schema/records.js'
import { bareInvestorRecord, investorRecord, product } from '../../../tests/sampleRecords.js'
import { collectingSink, withFolder } from '../testFolder.js'
import { csvLine } from './csvLine.js'
import { openCsvOutput } from './csvOutput.js'
import { investorsFile, productsFile } from './files.js'
import { importCsv } from './importCsv.js'

const at = Date.parse('2026-05-08T10:00:00.123Z')
const later = at + 86_400_000

const investors: readonly InvestorRecord[] = [
  investorRecord('i1', at),
  { ...investorRecord('i1', at, null), knownAt: later },
  withFinances('i3', {
    financialAssets: { minor: 25_000_000, currency: 'USD' },
    yearlyIncome: { minor: -5, currency: 'CNY' },
    taxStatus: 'tax-exempt',
    liquidityNeeds: 'high',
    otherInvestments: 'substantial',
  }),
  withFinances('i4', { liquidityNeeds: 'low' }),
  bareInvestorRecord('i2', at),
]
const full = product('p1', {
  name: { 'zh-CN': '名,称“一”', en: 'says "two", and more' },
  crossBorder: true,
  managerRiskLevel: 'R5',
  sri: 6,
  complexity: 'complex',
  statusSource: 'simulated',
  minPurchase: { minor: 1_000, currency: 'CNY' },
  maxDailyPurchase: { minor: 5_000_000, currency: 'CNY' },
  lockupDays: 90,
  termMonths: 36,
  targetMarket: { objectives: ['growth', 'income'], minHorizonMonths: 12 },
  negativeTargetMarket: { toleranceLevels: ['C1', 'C2'], investorClasses: ['ordinary'] },
  sustainable: false,
})
const bare = product('p2', { rating: null, facts: null, inceptionDate: null, kindText: null })
const base = { investorId: 'i1', productId: 'p1', occurredAt: '2026-05-08T10:00:00.123Z' }
const amount = { minor: 5_000, currency: 'CNY' }
const events: readonly EventRecord[] = [
  { type: 'view' },
  { type: 'exposure', decisionId: 'd1', rank: 3, propensity: 0.000_001 },
  { type: 'exposure', decisionId: 'd1', rank: 4 },
  { type: 'purchase', amount, unitsMicros: 1_234_567, decisionId: 'd1' },
  { type: 'redemption', amount: null, unitsMicros: 1 },
  { type: 'recurring-plan', action: 'started', amount },
  { type: 'content-read', contentId: 'note, "7"' },
].map((event, n) => ({ knownAt: later, value: Event.parse({ ...base, ...event, eventId: `e${n}` }) }))

async function write(dir: string, isPacked: boolean) {
  const output = await openCsvOutput(dir, isPacked)
  await output.sink.products([full, bare], at)
  await output.sink.investors(investors.slice(0, 1))
  await output.sink.investors(investors.slice(1))
  await output.sink.events(events)
  await output.sink.products([{ ...full, statusAt: later, status: 'closed' }], later)
  return output
}

test.each([false, true])('what is written is read back as it was, packed: %s', async (isPacked) =>
  withFolder({}, async (dir) => {
    const written = await (await write(dir, isPacked)).finish()
    const end = isPacked ? '.gz' : ''
    expect(written.map(({ file, rows }) => [file, rows])).toEqual([
      [`investors.csv${end}`, 5],
      [`products.csv${end}`, 3],
      [`events.csv${end}`, 7],
    ])
    expect((await readdir(dir)).sort()).toEqual(written.map(({ file }) => file).sort())
    const read = collectingSink()
    const report = await importCsv({ dir, strict: true, importedAt: later }, read.sink)
    expect(report.rejected).toEqual([])
    expect(read.investors).toEqual(investors)
    expect(read.events).toEqual(events)
    expect(read.products).toEqual([
      { knownAt: at, changes: [full, bare] },
      { knownAt: later, changes: [{ ...full, statusAt: later, status: 'closed' }] },
    ])
  }),
)

test.each(['nav.csv', 'events.csv.gz'])('a folder that has a %s is refused, and left as it is', async (name) =>
  withFolder({ [name]: 'x' }, async (dir) => {
    await expect(openCsvOutput(dir, false)).rejects.toMatchObject({ code: 'OCCUPIED', message: RegExp(name) })
    expect(await readdir(dir)).toEqual([name])
  }),
)

test('nothing has its name before it is whole; who gives up leaves nothing, and nobody writes beside another', async () =>
  withFolder({}, async (dir) => {
    const output = await write(join(dir, 'out'), false)
    const names = ['events.csv.partial', 'investors.csv.partial', 'products.csv.partial']
    expect((await readdir(join(dir, 'out'))).sort()).toEqual(names)
    await expect(write(join(dir, 'out'), false)).rejects.toMatchObject({ code: 'OCCUPIED' })
    expect((await readdir(join(dir, 'out'))).sort()).toEqual(names)
    await output.abort()
    expect(await readdir(join(dir, 'out'))).toEqual([])
    await writeFile(join(dir, 'a file'), '')
    await expect(openCsvOutput(join(dir, 'a file', 'out'), false)).rejects.toMatchObject({ code: 'OCCUPIED' })
  }))

test.each<[string, Partial<Investor>]>([
  ['an empty list that is not the same as none', { objectives: [] }],
  ['finances of which nothing is known', { finances: Finances.parse({}) }],
  ['an assessment at an unknown instant', { riskAssessment: { ...assessed(), assessedAt: null } }],
])('%s cannot be told by a line, and is refused', (_, change) => {
  const [record] = investors
  if (record === undefined) throw new Error('want a record')
  const changed = { ...record, value: { ...record.value, ...change } }
  expect(() => csvLine(investorsFile(0), changed)).toThrow('investors.csv: i1 cannot be told')
})

test.each<[string, Partial<Product>]>([
  ['an amount in another currency', { minPurchase: { minor: 1, currency: 'USD' } }],
  ['a line break', { companyName: 'a\nb' }],
])('%s cannot be told by a line, and is refused', (_, change) =>
  expect(() => csvLine(productsFile, { knownAt: at, value: { ...full, ...change } })).toThrow('p1 cannot be told'),
)

function withFinances(id: string, told: Partial<Finances>): InvestorRecord {
  const { knownAt, value } = investorRecord(id, at)
  return { knownAt, value: { ...value, finances: Finances.parse(told) } }
}

function assessed() {
  const assessment = investorRecord('i', at).value.riskAssessment
  if (assessment === null) throw new Error('want an assessment')
  return assessment
}
