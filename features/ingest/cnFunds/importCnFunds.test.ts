import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { levelNumber } from '../../schema/levels.js'
import { type Product } from '../../schema/product.js'
import { type NavRecord } from '../../schema/records.js'
import { formatInstant } from '../../schema/time.js'
import { ratingRanges } from '../../definitions/riskRating.js'
import { type Sink } from '../sink.js'
import { collectingSink, withFolder } from '../testFolder.js'
import { importCnFunds } from './importCnFunds.js'

const list = `基金代码,拼音缩写,基金简称,基金类型,拼音全称
000001,A,华夏成长混合,混合型-灵活,A
000009,B,易方达天天理财货币A,货币型-普通货币,B
026694,C,易方达港股通周期精选混合A,,C
基金代码,拼音缩写,基金简称,基金类型,拼音全称
000001,A,华夏成长混合,混合型-灵活,A
159001,D,货币ETF,货币型-普通货币,D
`
const rank = `code,name,nav_date,nav,acc_nav,day_change,week_change,month_change,three_month_change,six_month_change,year_change
000001,华夏成长混合,2026-05-08,1.25,3.1,0.1,1,2.5,-3,4,50.25
`
const returns = `year,category,code,name,return_pct,start_date,end_date,inception,purchase_fee
2019,混合,000001,华夏成长混合,10,2019/4/1,2020-03-31,2001-12-18,1.50%
2020,混合,000001,华夏成长混合,40,2020-04-01,2021-03-31,2001-12-18,0.15%
2021,混合,000001,华夏成长混合,-20,2021-04-01,2022-04-01,2001-12-18,0.15%
2021,混合,000009,易方达天天理财货币A,x,2021-04-01,2022-04-01,2013-03-04,
`

const run = (files: Readonly<Record<string, string>>, strict = false) =>
  withFolder(files, async (dir) => {
    const { sink, products } = collectingSink()
    const report = await importCnFunds({ dir, strict, importedAt: Date.parse('2026-06-01T00:00:00Z') }, sink)
    return { report, products }
  })

test('a fund with the facts that the files hold of it', async () => {
  const files = { 'fund_list.csv': list, 'fund_rank_all.csv': rank, 'annual_returns_2016_2021.csv': returns }
  const { report, products } = await run(files)
  expect(report.accepted).toEqual({ investors: 0, products: 3, events: 0 })
  expect(products.map(({ knownAt }) => new Date(knownAt).toISOString())).toEqual(['2026-05-08T14:00:00.000Z'])
  const [first, second] = products[0]?.changes ?? []
  expect(first).toMatchObject({
    id: '000001',
    companyId: 'huaxia',
    kind: 'mixed-flexible',
    rating: {
      level: 'R4',
      basis: 'volatility',
      volatilitySource: 'annual-returns',
      volatilityBps: 3_003, // the second year has 364 days
      observations: 3,
    },
    status: 'open',
    statusSource: 'assumed',
    fees: { purchaseBps: 15, managementBps: null },
    inceptionDate: '2001-12-18',
    facts: { navDate: '2026-05-08', navMicros: 1_250_000, return1mBps: 250, return3mBps: -300, return12mBps: 5_025 },
  })
  expect(second).toMatchObject({ rating: { level: 'R1', basis: 'kind' }, status: 'suspended', facts: null })
  expect(report.rejected.map(({ file, line, column, got }) => [file, line, column, got])).toEqual([
    ['annual_returns_2016_2021.csv', 5, 'return_pct', 'x'],
    ['fund_list.csv', 4, '基金类型', ''],
    ['fund_list.csv', 5, '(whole line)', '基金代码,拼音缩写,基金简称,基金类型,拼音全称'],
    ['fund_list.csv', 6, '基金代码', '000001'],
  ])
  expect(report.notes).toContain('nav_daily.csv: absent, and so are the facts that it holds')
})

test('daily NAVs: known from their evening, of a fund abroad two of its days later, and never after the files', async () => {
  const list = `基金代码,拼音缩写,基金简称,基金类型,拼音全称
000001,A,华夏成长混合,混合型-灵活,A
002891,B,华夏移动互联混合,QDII-混合偏股,B
`
  const daily = `code,date,nav
000001,2026-04-29,2
000001,2026-04-30,1
002891,2026-04-28,1
002891,2026-04-29,1.1
002891,2026-04-30,1.2
999999,2026-04-30,1.2
`
  await withFolder({ 'fund_list.csv': list, 'nav_daily.csv': daily }, async (dir) => {
    const navs: NavRecord[] = []
    const sink: Sink = { ...collectingSink().sink, navs: (records) => Promise.resolve(void navs.push(...records)) }
    await importCnFunds({ dir, strict: true, importedAt: Date.parse('2026-06-01T00:00:00Z') }, sink)
    const told = navs.map(({ knownAt, value }) => [
      value.productId,
      value.date,
      value.nav,
      value.isReturn,
      formatInstant(knownAt),
    ])
    expect(told).toEqual([
      ['000001', '2026-04-29', 2, true, '2026-04-29T14:00:00Z'],
      ['000001', '2026-04-30', 1, false, '2026-04-30T14:00:00Z'],
      ['002891', '2026-04-28', 1, true, '2026-04-30T14:00:00Z'],
      ['002891', '2026-04-29', 1.1, true, '2026-04-30T14:00:00Z'],
      ['002891', '2026-04-30', 1.2, true, '2026-04-30T14:00:00Z'],
    ])
  })
})

test('strict stops at the first line that fails', async () => {
  const files = { 'fund_list.csv': list, 'fund_rank_all.csv': rank }
  await expect(run(files, true)).rejects.toMatchObject({ code: 'REJECTED' })
})

test.each([
  ['fund_list', { 'fund_rank_all.csv': rank }],
  ['any NAV', { 'fund_list.csv': list }],
])('without %s there is nothing to import', async (_, files) => {
  await expect(run(files)).rejects.toMatchObject({ code: 'NO_FILES' })
})

const dir = join(process.env.APTUS_REAL_DATA ?? '../shared/data', 'cn-funds')
const present = existsSync(dir)
if (!present) console.warn('skipped: the real Chinese funds; set APTUS_REAL_DATA to the folder that holds cn-funds')
const real = present ? describe : describe.skip

real('the real catalogue', () => {
  const all: Product[] = []
  beforeAll(async () => {
    const { sink, products } = collectingSink()
    const report = await importCnFunds({ dir, strict: false, importedAt: Date.parse('2026-06-01T00:00:00Z') }, sink)
    expect(report.rejected.every(({ column, got }) => column === '基金类型' && got === '')).toBe(true)
    all.push(...(products[0]?.changes ?? []))
  })

  test('6,000 funds and more are rated by volatility, and about 5,000 have a fresh NAV', () => {
    expect(all.length).toBeGreaterThan(26_500)
    expect(all.filter(({ rating }) => rating?.basis === 'volatility').length).toBeGreaterThanOrEqual(6_000)
    expect(all.filter(({ facts }) => facts !== null && facts.navDate >= '2026-05-06').length).toBe(5_000)
  })

  test('the level of a kind without a series covers 85 % of its funds that have one', () => {
    for (const [kind, { unrated }] of Object.entries(ratingRanges)) {
      const rated = all.filter((product) => product.kind === kind && product.rating?.basis === 'volatility')
      const within = rated.filter(({ rating }) => levelNumber(rating?.level ?? 'R5') <= levelNumber(unrated))
      if (rated.length > 0) expect(within.length / rated.length).toBeGreaterThanOrEqual(0.85)
    }
  })
})
