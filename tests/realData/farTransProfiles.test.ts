import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openHistory } from '../../features/history/history.js'
import { type History } from '../../features/history/port.js'
import { InvestorId } from '../../features/schema/ids.js'
import { type Instant } from '../../features/schema/time.js'
import { withFolder } from '../../features/ingest/testFolder.js'
import { importFarTrans } from '../../features/ingest/farTrans/importFarTrans.js'

const header = 'customerID,customerType,riskLevel,investmentCapacity,lastQuestionnaireDate,timestamp'
const others = {
  'asset_information.csv':
    'ISIN,assetName,assetShortName,assetCategory,assetSubCategory,marketID,sector,industry,timestamp\n',
  'buys_dated_2018-01-02_to_2019-07-31.csv': 'customerID,ISIN,date\n',
  'train_first_seen.csv': 'customerID,ISIN,first_split_index,bought_on_or_after,bought_before\n',
}
const startOf = (day: string): Instant => Date.parse(`${day}T00:00:00Z`)

/** Runs `use` on a history that holds the customers of a folder. */
async function withCustomers(dir: string, use: (history: History) => Promise<void>): Promise<void> {
  const place = await mkdtemp(join(tmpdir(), 'aptus-customers-'))
  const history = await openHistory(place)
  try {
    const batch = await history.begin('import')
    await importFarTrans(
      { dir, strict: true, importedAt: startOf('2026-06-01') },
      { investors: batch.investors, events: () => Promise.resolve(), products: () => Promise.resolve() },
    )
    await batch.commit()
    await use(history)
  } finally {
    await history.close()
    await rm(place, { recursive: true })
  }
}

test('a customer is as his newest row before an instant says, whatever the order of the rows', () =>
  withFolder(
    {
      ...others,
      // prettier-ignore
      'customer_information.csv': [
        header,
        'AA,Premium,Aggressive,CAP_GT300K,2022-01-20,2022-01-21',
        'AA,Mass,Conservative,CAP_LT30K,2018-01-02,2018-01-02',
        'AA,Premium,Balanced,CAP_80K_300K,2022-01-20,2021-03-19',
        '',
      ].join('\n'),
    },
    (dir) =>
      withCustomers(dir, async (history) => {
        const on = async (asOf: Instant) => {
          const profile = (await history.investorAsOf(InvestorId.parse('AA'), asOf))?.profile
          return [profile?.riskAssessment?.level, profile?.assetBand, profile?.assessments.length]
        }
        expect(await on(startOf('2018-01-02'))).toEqual([undefined, undefined, undefined])
        expect(await on(startOf('2018-01-02') + 1)).toEqual(['C1', 'under-30k', 1])
        // The questionnaire of 2022 was not known to the row of 2021.
        expect(await on(startOf('2021-03-19'))).toEqual(['C1', 'under-30k', 1])
        expect(await on(startOf('2021-03-19') + 1)).toEqual(['C3', '80k-300k', 1])
        expect(await on(startOf('2022-01-21'))).toEqual(['C3', '80k-300k', 1])
        expect(await on(startOf('2022-01-21') + 1)).toEqual(['C4', '300k-3m', 2])
      }),
  ))

const dir = join(process.env.APTUS_REAL_DATA ?? '../shared/data', 'far-trans')
const present = existsSync(dir)
if (!present) {
  if (process.env.CI_NO_SKIP === '1') throw new Error('far-trans is absent, and CI_NO_SKIP=1 forbids to skip')
  console.warn('skipped: the real FAR-Trans; set APTUS_REAL_DATA to the folder that holds far-trans')
}
const real = present ? test : test.skip

const levels: Readonly<Record<string, string>> = { Conservative: 'C1', Income: 'C2', Balanced: 'C3', Aggressive: 'C4' }
const bands: Readonly<Record<string, string>> = {
  CAP_LT30K: 'under-30k',
  CAP_30K_80K: '30k-80k',
  CAP_80K_300K: '80k-300k',
  CAP_GT300K: '300k-3m',
}
const plain = (text = ''): string => text.replace('Predicted_', '')

/** The file as its lines stand, read by nothing of ours; of each customer the newest row before a day. */
const newestBefore = (rows: readonly (readonly string[])[], day: string): ReadonlyMap<string, readonly string[]> => {
  const newest = new Map<string, readonly string[]>()
  for (const row of rows) {
    const [id = '', , , , , timestamp = ''] = row
    if (timestamp < day && timestamp > (newest.get(id)?.[5] ?? '')) newest.set(id, row)
  }
  return newest
}

real('29,090 real customers are as their rows of that time, 2,263 of them with several', () =>
  withCustomers(dir, async (history) => {
    const text = readFileSync(join(dir, 'customer_information.csv'), 'utf8')
    const rows = text
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.split(','))
    const revisions = new Map<string, number>()
    for await (const records of history.profilesKnown(startOf('2026-06-01')))
      for (const { value } of records) revisions.set(value.id, (revisions.get(value.id) ?? 0) + 1)
    expect([...revisions.values()].filter((count) => count > 1)).toHaveLength(2_263)
    expect(revisions.size).toBe(29_090)

    const seen: number[] = []
    const changed = new Set<string>()
    const before = new Map<string, Instant | null>()
    for (const day of [
      '2018-01-02',
      '2018-01-03',
      '2019-08-01',
      '2020-02-28',
      '2021-03-20',
      '2022-01-22',
      '2026-01-01',
    ]) {
      const newest = newestBefore(rows, day)
      let count = 0
      for await (const batch of history.snapshotsAsOf(startOf(day)))
        for (const { profile, knownAt } of batch) {
          count += 1
          const [, , level, capacity, questionnaire = '', timestamp = ''] = newest.get(profile.id) ?? []
          const told = questionnaire <= timestamp && questionnaire !== '2000-01-01' ? startOf(questionnaire) : null
          const assessedAt = profile.riskAssessment?.assessedAt ?? null
          const expected = levels[plain(level)] ?? null
          // One check a customer would be a quarter of a million of them: what differs is told.
          const is = [profile.riskAssessment?.level ?? null, profile.assetBand, knownAt, assessedAt]
          const should = [expected, bands[plain(capacity)] ?? null, startOf(timestamp), expected === null ? null : told]
          if (is.some((value, i) => value !== should[i]))
            expect([profile.id, day, is]).toEqual([profile.id, day, should])
          if (before.has(profile.id) && before.get(profile.id) !== assessedAt) changed.add(profile.id)
          before.set(profile.id, assessedAt)
        }
      expect(count).toBe(newest.size)
      seen.push(count)
    }
    expect(seen[0]).toBeLessThan(200)
    expect(seen.at(-1)).toBe(29_090)
    console.info(`customers known: ${seen.join(', ')}; of ${changed.size} the assessment changed between these days`)
    expect(changed.size).toBeGreaterThan(500)
  }),
)
