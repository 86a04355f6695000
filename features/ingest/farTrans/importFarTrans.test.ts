import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { rejectionText } from '../report.js'
import { collectingSink, withFolder } from '../testFolder.js'
import { importFarTrans } from './importFarTrans.js'

const files = {
  'asset_information.csv': `ISIN,assetName,assetShortName,assetCategory,assetSubCategory,marketID,sector,industry,timestamp
GRX1,Fund,F,MTF,Bond,A,,,2018-11-16
GRX1,Fund,F,Stock,,B,,,2018-01-02
GRX2,,UNK_2,Bond,Government,A,,,2018-11-16
GRX3,Coin,C,Crypto,,A,,,2018-01-02
`,
  'customer_information.csv': `customerID,customerType,riskLevel,investmentCapacity,lastQuestionnaireDate,timestamp
AA,Premium,Balanced,CAP_80K_300K,2021-11-30,2021-03-19
AA,Premium,Aggressive,Predicted_CAP_LT30K,2021-11-30,2022-01-21
BB,Mass,Predicted_Income,Not_Available,2000-01-01,2018-01-02
CC,Mass,Not_Available,CAP_GT300K,2000-01-01,2018-01-02
CC,Mass,Wild,CAP_GT300K,2000-01-01,2018-01-03
`,
  'buys_dated_2018-01-02_to_2019-07-31.csv': 'customerID,ISIN,date\nAA,GRX1,2018-05-02\nAA,GRX1,2018-05-02\n',
  'train_first_seen.csv': `customerID,ISIN,first_split_index,bought_on_or_after,bought_before
AA,GRX1,0,2018-01-02,2019-08-01
BB,GRX2,1,2019-08-01,2019-08-14
`,
}

const run = (content: Readonly<Record<string, string>>) =>
  withFolder(content, async (dir) => {
    const collected = collectingSink()
    const report = await importFarTrans(
      { dir, strict: false, importedAt: Date.parse('2026-06-01T00:00:00Z') },
      collected.sink,
    )
    return { report, ...collected }
  })

test('profiles as they were known: a questionnaire of later than its row, or of 2000-01-01, is none', async () => {
  const { investors } = await run(files)
  const seen = investors.map(({ knownAt, value }) => [
    new Date(knownAt).toISOString().slice(0, 10),
    value.riskAssessment?.level ?? null,
    value.riskAssessment?.basis ?? null,
    value.riskAssessment?.assessedAt ?? null,
    value.assetBand,
  ])
  expect(seen).toEqual([
    ['2021-03-19', 'C3', 'questionnaire', null, '80k-300k'],
    ['2022-01-21', 'C4', 'questionnaire', Date.parse('2021-11-30T00:00:00Z'), 'under-30k'],
    ['2018-01-02', 'C2', 'predicted', null, null],
    ['2018-01-02', null, null, null, '300k-3m'],
  ])
})

test('one product an ISIN: known from its first row, in the highest band of its rows', async () => {
  const { products } = await run(files)
  expect(
    products.map(({ knownAt, changes }) => [new Date(knownAt).toISOString().slice(0, 10), changes.length]),
  ).toEqual([
    ['2018-01-02', 1],
    ['2018-11-16', 1],
  ])
  expect(products[0]?.changes[0]).toMatchObject({ id: 'GRX1', kind: 'stock', rating: { level: 'R3', basis: 'band' } })
  expect(products[1]?.changes[0]).toMatchObject({ id: 'GRX2', name: { en: 'UNK_2' }, rating: { level: 'R1' } })
})

test('purchases: exact days with repeats, and first buys on the last day before their split', async () => {
  const { events } = await run(files)
  expect(events.map(({ knownAt, value }) => [value.eventId, new Date(knownAt).toISOString().slice(0, 10)])).toEqual([
    ['ft:AA.GRX1.2018-05-02', '2018-05-02'],
    ['ft:AA.GRX1.2018-05-02.2', '2018-05-02'],
    ['ft:BB.GRX2.2019-08-13', '2019-08-13'],
  ])
})

test('lines that fail are told', async () => {
  const { report } = await run(files)
  expect(report.rejected.map(rejectionText)).toEqual([
    'asset_information.csv line 5, column assetCategory: got "Crypto/", want a category and subcategory of docs/data.md',
    'customer_information.csv line 6, column riskLevel: got "Wild", want Conservative, Income, Balanced, Aggressive, one of them after Predicted_, or Not_Available',
  ])
})

test.each(Object.keys(files))('without %s there is no import', async (file) => {
  const others = Object.fromEntries(Object.entries(files).filter(([name]) => name !== file))
  await expect(run(others)).rejects.toMatchObject({ code: 'NO_FILES' })
})

const dir = join(process.env.APTUS_REAL_DATA ?? '../shared/data', 'far-trans')
const present = existsSync(dir)
if (!present) console.warn('skipped: the real FAR-Trans; set APTUS_REAL_DATA to the folder that holds far-trans')
const real = present ? test : test.skip

real('the real FAR-Trans comes in whole', async () => {
  const { sink, events } = collectingSink()
  const report = await importFarTrans({ dir, strict: true, importedAt: Date.parse('2026-06-01T00:00:00Z') }, sink)
  expect(report.accepted).toEqual({ investors: 32_468, products: 806, events: 55_600 + 59_009 - 40_964 })
  expect(new Set(events.map(({ value }) => value.eventId)).size).toBe(events.length)
  // Split 0 begins on 2019-08-01: what was known before it is what it trains on.
  const before = events.filter(({ knownAt }) => knownAt < Date.parse('2019-08-01T00:00:00Z'))
  const pairs = new Set(before.map(({ value }) => `${value.investorId} ${value.productId}`))
  expect(pairs.size).toBe(40_964)
})
