import { type NavRecord } from '../../schema/records.js'
import { rejectionText } from '../report.js'
import { collectingSink, withFolder } from '../testFolder.js'
import { importCsv } from './importCsv.js'

const importedAt = Date.parse('2026-06-01T00:00:00Z')

const run = (files: Readonly<Record<string, string>>, options: { strict?: boolean; shiftToMs?: number } = {}) =>
  withFolder(files, async (dir) => {
    const collected = collectingSink()
    const report = await importCsv({ dir, strict: false, importedAt, ...options }, collected.sink)
    return { report, ...collected }
  })

const investorsHeader =
  'id,risk_level,assessed_at,questionnaire_version,birth_date,objectives,knowledge,consents_profiling,consents_personalisation,known_at'

const products = `id,company_id,company_name,name_zh_cn,kind,currency,risk_level,status,status_at,min_purchase_minor,redemption_tiers
p1,c1,一号,产品一,bond,CNY,R2,open,2026-01-05T00:00:00Z,1000,7:150|30:75|:0
p2,c1,一号,产品二,equity,CNY,,open,2026-01-05T00:00:00Z,,
`

test('investors: lists, pairs, defaults, and from when they are known', async () => {
  const { investors, report } = await run({
    'investors.csv': `${investorsHeader}
i1,C3,2026-05-01T00:00:00Z,v1,1960-02-29,growth|income,bond:basic|equity:none,true,false,
i2,,,,,,,true,true,
i2,C1,2026-05-02T00:00:00Z,v1,,,,true,true,2026-05-03T00:00:00Z
`,
  })
  expect(report.rejected).toEqual([])
  expect(report.accepted).toEqual({ investors: 3, products: 0, events: 0 })
  expect(investors.map(({ knownAt }) => knownAt)).toEqual([
    Date.parse('2026-05-01T00:00:00Z'),
    importedAt,
    Date.parse('2026-05-03T00:00:00Z'),
  ])
  expect(investors[0]?.value).toMatchObject({
    riskAssessment: { level: 'C3', basis: 'questionnaire', acceptsNoLoss: false },
    objectives: ['growth', 'income'],
    knowledge: { bond: 'basic', equity: 'none' },
    consents: { profiling: true, personalisation: false },
  })
  expect(investors[1]?.value).toMatchObject({ riskAssessment: null, objectives: null, investorClass: 'ordinary' })
})

test('investors: finances; an amount without its currency is told at the column that lacks it', async () => {
  const header =
    'id,consents_profiling,consents_personalisation,financial_assets_minor,financial_assets_currency,tax_status'
  const { investors, report } = await run({
    'investors.csv': `${header}
i1,true,true,500,USD,taxable
i2,true,true,500,,
i3,true,true,,,
`,
  })
  expect(investors.map(({ value }) => [value.id, value.finances?.financialAssets, value.finances?.taxStatus])).toEqual([
    ['i1', { minor: 500, currency: 'USD' }, 'taxable'],
    ['i3', undefined, undefined],
  ])
  expect(report.rejected.map(rejectionText)).toEqual([
    'investors.csv line 3, column financial_assets_currency: got "", want a three-letter currency code such as CNY',
  ])
})

test('products: rating, amounts in their currency, tiers; no level, no rating', async () => {
  const { products: calls } = await run({ 'products.csv': products })
  expect(calls.length).toBe(1)
  expect(calls[0]?.changes[0]).toMatchObject({
    rating: { level: 'R2', basis: 'declared', ratedAt: Date.parse('2026-01-05T00:00:00Z') },
    minPurchase: { minor: 1_000, currency: 'CNY' },
    fees: { redemptionTiers: [{ heldDaysBelow: 7, feeBps: 150 }, { heldDaysBelow: 30 }, { heldDaysBelow: null }] },
  })
  expect(calls[0]?.changes[1]?.rating).toBeNull()
})

test('NAVs become facts at month ends, known in ascending order and never before their NAVs', async () => {
  const navs = ['2026-01-30,1', '2026-02-06,1.1', '2026-02-27,1.2', '2026-03-06,0.9'].map((row) => `p1,${row}`)
  const { products: calls, report } = await run({
    'products.csv': products,
    'nav.csv': ['product_id,date,nav', ...navs, 'p9,2026-03-06,1', ''].join('\n'),
  })
  const seen = calls.map(({ knownAt, changes }) => [
    new Date(knownAt).toISOString().slice(0, 10),
    changes.map(({ id, facts }) => [id, facts?.navMicros ?? null]),
  ])
  expect(seen).toEqual([
    [
      '2026-01-05',
      [
        ['p1', null],
        ['p2', null],
      ],
    ],
    ['2026-01-31', [['p1', 1_000_000]]],
    ['2026-02-28', [['p1', 1_200_000]]],
    ['2026-03-07', [['p1', 900_000]]],
  ])
  expect(report.notes[1]).toBe('nav.csv: 1 products are not in products.csv, first p9: their NAVs were left out')
})

test('events of every type', async () => {
  const { events, report } = await run({
    'events.csv': `event_id,type,investor_id,product_id,occurred_at,amount_minor,currency,decision_id,rank,action,content_id,known_at,propensity,units_micros
e1,view,i1,p1,2026-05-01T00:00:00Z,,,,,,,,,
e2,purchase,i1,p1,2026-05-01T00:00:00Z,5000,CNY,,,,,2026-05-02T00:00:00Z,,40000000
e3,exposure,i1,p1,2026-05-01T00:00:00Z,,,d1,3,,,,0.125,
e7,exposure,i1,p1,2026-05-01T00:00:00Z,,,d1,4,,,,,
e4,recurring-plan,i1,p1,2026-05-01T00:00:00Z,,,,,started,,,,
e5,content-read,i1,,2026-05-01T00:00:00Z,,,,,,note-1,,,
e6,redemption,i1,p1,2026-05-01T00:00:00Z,,,,,,,,,1
`,
  })
  expect(report.rejected).toEqual([])
  expect(events.map(({ value }) => value.type)).toEqual([
    'view',
    'purchase',
    'exposure',
    'exposure',
    'recurring-plan',
    'content-read',
    'redemption',
  ])
  expect(events.flatMap(({ value }) => (value.type === 'exposure' ? [value.propensity] : []))).toEqual([0.125, null])
  expect(events.at(-1)).toMatchObject({ value: { amount: null, unitsMicros: 1 } })
  expect(events[1]).toMatchObject({
    knownAt: Date.parse('2026-05-02T00:00:00Z'),
    value: { amount: { minor: 5_000, currency: 'CNY' }, unitsMicros: 40_000_000 },
  })
})

const productLine = (change: Readonly<Record<string, string>>) => {
  const cells = {
    id: 'p1',
    company_id: 'c1',
    company_name: 'x',
    name_zh_cn: 'x',
    kind: 'bond',
    currency: 'CNY',
    risk_level: 'R2',
    status: 'open',
    status_at: '2026-01-05T00:00:00Z',
    lockup_days: '0',
    inception_date: '2020-01-01',
    redemption_tiers: ':0',
    known_at: '2026-02-05T00:00:00Z',
    ...change,
  }
  return `${Object.keys(cells).join(',')}\n${Object.values(cells).join(',')}\n`
}

test.each([
  [{ risk_level: 'R7' }, 'risk_level: got "R7", want R1 to R5'],
  [{ id: 'a b' }, 'id: got "a b", want 1 to 128 characters of letters, digits, ".", "_", ":" and "-"'],
  [{ lockup_days: '1.5' }, 'lockup_days: got "1.5", want days, 0 or more'],
  [{ lockup_days: '-1' }, 'lockup_days: got "-1", want days, 0 or more'],
  [{ status: '' }, 'status: got "", want one of subscribing, open, suspended, purchase-limited, closed, terminated'],
  [{ inception_date: '2020-02-30' }, 'inception_date: got "2020-02-30", want a day such as 2026-05-08'],
  [
    { redemption_tiers: '7;150' },
    'redemption_tiers: got "7;150", want tiers such as 7:150|30:75|:0 (days held below:basis points)',
  ],
  [{ known_at: 'yesterday' }, 'known_at: got "yesterday", want an instant such as 2026-05-08T15:00:00Z'],
  [
    { known_at: '2026-01-04T00:00:00Z' },
    'known_at: got "2026-01-04T00:00:00Z", want an instant not before 2026-01-05T00:00:00Z, when it happened',
  ],
])('%j is told by file, line and column', async (change, message) => {
  const { report, products: calls } = await run({ 'products.csv': productLine(change) })
  expect(report.rejected.map(rejectionText)).toEqual([`products.csv line 2, column ${message}`])
  expect(calls).toEqual([])
})

test('a cell that a type does not have, and an id that stands twice', async () => {
  const { report } = await run({
    'events.csv': `event_id,type,investor_id,product_id,occurred_at,rank,decision_id,propensity
e1,view,i1,p1,2026-05-01T00:00:00Z,,,
e1,view,i1,p1,2026-05-02T00:00:00Z,,,
e2,view,i1,p1,2026-05-02T00:00:00Z,4,,
e3,exposure,i1,p1,2026-05-02T00:00:00Z,4,d1,1.5
`,
  })
  expect(report.rejected.map(rejectionText)).toEqual([
    'events.csv line 3, column event_id: got "e1", want an id that this file does not have yet at this known_at; line 2 has it',
    'events.csv line 4, column rank: got "4", want nothing, for this type',
    'events.csv line 5, column propensity: got "1.5", want a probability above 0, at most 1, such as 0.125',
  ])
  expect(report.files).toEqual([{ file: 'events.csv', rows: 4, accepted: 1, rejected: 3 }])
})

test('strict throws at the first line that fails; an empty folder has no files', async () => {
  const files = { 'products.csv': productLine({ risk_level: 'R7' }) }
  await expect(run(files, { strict: true })).rejects.toMatchObject({ code: 'REJECTED' })
  await expect(run({})).rejects.toMatchObject({ code: 'NO_FILES' })
})

test('shiftToMs moves every date by the same days, the newest known_at to the day before', async () => {
  const files = {
    'investors.csv': `${investorsHeader}\ni1,C3,2026-05-01T08:00:00Z,v1,1960-03-01,growth,,true,true,\n`,
    'events.csv': 'event_id,type,investor_id,product_id,occurred_at\ne1,view,i1,p1,2026-05-07T09:30:00Z\n',
  }
  const { investors, events, report } = await run(files, { shiftToMs: Date.parse('2026-05-18T03:00:00Z') })
  expect(events[0]?.value.occurredAt).toBe(Date.parse('2026-05-17T09:30:00Z'))
  expect(investors[0]).toMatchObject({
    knownAt: Date.parse('2026-05-11T08:00:00Z'),
    value: { birthDate: '1960-03-11' },
  })
  expect(report.notes).toEqual(['every date and instant was moved by 10 days, as asked'])
})

test('nothing is known after the import: such lines are rejected, and what has no known_at is known by then', async () => {
  const { report, products: calls } = await run({
    'investors.csv': `${investorsHeader}
i1,C3,2026-05-01T00:00:00Z,v1,,,,true,true,2026-06-01T00:00:00.001Z
i2,C3,2026-05-01T00:00:00Z,v1,,,,true,true,2026-06-01T00:00:00Z
`,
    'products.csv': products,
    'nav.csv': 'product_id,date,nav\np1,2026-06-01,1\np1,2026-06-02,1\n',
    'events.csv': 'event_id,type,investor_id,product_id,occurred_at\ne1,view,i2,p1,2026-06-01T00:00:01Z\n',
  })
  expect(report.rejected.map(rejectionText)).toEqual([
    'nav.csv line 3, column known_at: got "", want an instant not before 2026-06-02T00:00:00Z, when it happened',
    'investors.csv line 2, column known_at: got "2026-06-01T00:00:00.001Z", want an instant not after this import, 2026-06-01T00:00:00Z',
    'events.csv line 2, column known_at: got "", want an instant not before 2026-06-01T00:00:01Z, when it happened',
  ])
  expect(calls.at(-1)).toMatchObject({ knownAt: importedAt, changes: [{ facts: { navDate: '2026-06-01' } }] })
})

test('what cannot be true is rejected at its column, what is odd is taken in and noted', async () => {
  const { report, events } = await run({
    'investors.csv': `${investorsHeader}
i1,C3,2026-05-01T00:00:00Z,v1,2026-05-30,,,true,true,
i2,C3,2026-05-01T00:00:00Z,v1,2015-05-30,,,true,true,
i3,C3,2026-05-01T00:00:00Z,v1,1915-05-30,,,true,true,
`,
    'events.csv': `event_id,type,investor_id,product_id,occurred_at,amount_minor,currency
e1,purchase,i2,p1,1970-01-01T00:00:00Z,100,CNY
e2,purchase,i2,p1,2026-05-02T00:00:00Z,-1,CNY
e3,purchase,i2,p1,2026-05-02T00:00:00Z,0,CNY
`,
  })
  expect(report.rejected.map(({ file, line, column, got }) => ({ file, line, column, got }))).toEqual([
    { file: 'investors.csv', line: 2, column: 'birth_date', got: '2026-05-30' },
    { file: 'events.csv', line: 2, column: 'occurred_at', got: '1970-01-01T00:00:00Z' },
    { file: 'events.csv', line: 3, column: 'amount_minor', got: '-1' },
  ])
  expect(events.map(({ value }) => value.eventId)).toEqual(['e3'])
  expect(report.notes).toEqual([
    expect.stringMatching(/^investors.csv, column birth_date: odd and taken in, 2 values, first in line 3: /),
    expect.stringMatching(/^events.csv, column amount_minor: odd and taken in, 1 value, first in line 4: /),
  ])
})

test('NAVs of products that are known go on, each known from its own instant', async () => {
  const nav = `product_id,date,nav,known_at
p1,2026-03-06,1.5,
p1,2026-03-07,1.6,2026-03-09T02:00:00Z
p9,2026-03-06,1,
`
  await withFolder({ 'products.csv': products, 'nav.csv': nav }, async (dir) => {
    const navs: NavRecord[] = []
    const { sink } = collectingSink()
    const all = { ...sink, navs: (records: readonly NavRecord[]) => Promise.resolve(void navs.push(...records)) }
    await importCsv({ dir, strict: false, importedAt }, all)
    expect(navs).toEqual([
      {
        knownAt: Date.parse('2026-03-07T00:00:00Z'),
        value: { productId: 'p1', date: '2026-03-06', nav: 1.5, isReturn: true },
      },
      {
        knownAt: Date.parse('2026-03-09T02:00:00Z'),
        value: { productId: 'p1', date: '2026-03-07', nav: 1.6, isReturn: true },
      },
    ])
  })
})
