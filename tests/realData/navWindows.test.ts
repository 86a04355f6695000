import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { navWindowsKnown } from '../../features/definitions/navWindows.js'
import { importCnFunds } from '../../features/ingest/cnFunds/importCnFunds.js'
import { dateOfDayNumber, type Instant } from '../../features/schema/time.js'
import { openHistory } from '../../features/history/history.js'
import { relativeGap } from '../../features/history/navGaps.js'
import { type ProductNavs } from '../../features/history/navs.js'
import { type History } from '../../features/history/port.js'
import { counted } from '../full.js'

const dir = join(process.env.APTUS_REAL_DATA ?? '../shared/data', 'cn-funds')
const present = existsSync(dir)
if (!present) {
  if (process.env.CI_NO_SKIP === '1') throw new Error('cn-funds is absent, and CI_NO_SKIP=1 forbids to skip')
  console.warn('skipped: the real Chinese funds; set APTUS_REAL_DATA to the folder that holds cn-funds')
}
const real = present ? describe : describe.skip

real('the NAVs of 993 real funds', () => {
  const importedAt = Date.parse('2026-06-01T00:00:00Z')
  let place = ''
  let history: History
  const funds: ProductNavs[] = []

  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), 'aptus-navs-'))
    history = await openHistory(place)
    const batch = await history.begin('import')
    const nothing = (): Promise<void> => Promise.resolve()
    await importCnFunds(
      { dir, strict: false, importedAt },
      { investors: nothing, events: nothing, products: nothing, navs: (records) => batch.navs(records, importedAt) },
    )
    await batch.commit()
    for await (const fund of history.navsKnown(null)) funds.push(fund)
  }, 300_000)
  afterAll(async () => {
    await history.close()
    await rm(place, { recursive: true })
  })

  // The ends of months, where counting months back meets shorter ones, and days between; the last knows all.
  const dates = [
    '2005-03-31',
    '2008-10-28',
    '2010-02-28',
    '2012-02-29',
    '2013-06-25',
    '2015-06-12',
    '2015-08-26',
    '2016-01-29',
    '2016-02-29',
    '2018-05-31',
    '2019-10-08',
    '2020-02-03',
    '2020-03-31',
    '2021-02-18',
    '2022-04-26',
    '2022-10-31',
    '2023-01-31',
    '2024-02-05',
    '2024-02-29',
    '2024-10-08',
    '2025-04-07',
    '2026-02-28',
    '2026-06-01',
  ]

  test('SQL and TypeScript agree to 1e-9 on every window of every fund, at 23 dates, or of these the latest', async () => {
    let [compared, largest] = [0, 0]
    for (const date of dates.slice(-counted(dates.length))) {
      const asOf: Instant = Date.parse(`${date}T00:00:00Z`)
      const bySql = new Map((await history.allNavFactsAsOf(asOf)).map(({ productId, facts }) => [productId, facts]))
      for (const { productId, revisions } of funds) {
        const facts = navWindowsKnown(revisions, asOf)
        if (facts === null) expect(bySql.has(productId)).toBe(false)
        else {
          const gap = relativeGap(facts, bySql.get(productId))
          if (!(gap < 1e-9)) throw new Error(`${productId} on ${date}: SQL and TypeScript differ by ${gap}`)
          largest = Math.max(largest, gap)
          compared += facts.windows.reduce(
            (sum, { totalReturn, volatility }) => sum + (totalReturn === null ? 0 : 2) + (volatility === null ? 0 : 1),
            0,
          )
        }
      }
    }
    console.info(`${compared} values compared, largest relative difference ${largest}`)
    expect(funds).toHaveLength(993)
    expect(compared).toBeGreaterThan(counted(100_000))
  }, 600_000)

  test('a real NAV corrected later changes what is known from then on, and nothing of before', async () => {
    const fund = funds.find(({ revisions }) => revisions.days.length > 1_000)
    if (fund === undefined) throw new Error('want a fund of more than 1,000 NAVs')
    const { productId, revisions } = fund
    const last = revisions.days.length - 1
    const [day, nav, knownAt] = [revisions.days[last] ?? 0, revisions.navs[last] ?? 0, revisions.knownAt[last] ?? 0]
    const asKnown = async (asOf: Instant) => [
      await history.navFactsAsOf(productId, asOf),
      (await history.allNavFactsAsOf(asOf)).find((one) => one.productId === productId)?.facts,
    ]
    const before = await asKnown(importedAt)
    const batch = await history.begin('import')
    const value = { productId, date: dateOfDayNumber(day), nav: nav * 1.02, isReturn: true }
    await batch.navs([{ knownAt, value }], importedAt)
    await batch.commit()
    expect(await asKnown(importedAt)).toEqual(before)
    for (const after of await asKnown(importedAt + 1)) {
      expect(after?.nav).toBe(nav * 1.02)
      const [was, is] = [before[0]?.windows[0]?.totalReturn ?? NaN, after?.windows[0]?.totalReturn ?? NaN]
      expect((1 + is) / (1 + was)).toBeCloseTo(1.02, 12)
    }
  }, 300_000)
})
