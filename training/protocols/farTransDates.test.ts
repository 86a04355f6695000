import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { datedInteractionsOf } from '../interactions.js'
import { readAges } from './farTransDates.js'

const agesIn = async (files: Readonly<Record<string, string>>) => {
  const dir = await mkdtemp(join(tmpdir(), 'far-trans-dates-'))
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), gzipSync(text))
  const ageAt = await readAges(dir)
  await rm(dir, { recursive: true })
  return ageAt
}

const firstSeen = `customerID,ISIN,first_split_index,bought_on_or_after,bought_before
ana,FUND,0,2018-01-02,2019-08-01
ana,BOND,1,2019-08-01,2019-08-15
`
const dated = 'customerID,ISIN,date\nana,FUND,2019-07-30\nana,FUND,2019-07-22\n'

test.each([
  ['the first of the dated buys', 'FUND', '2019-08-01', 9.5],
  ['the middle of two days', 'BOND', '2019-08-15', 7],
  ['no day from the time point on', 'BOND', '2019-08-11', 5],
  ['not bought by then', 'BOND', '2019-08-01', null],
  ['not in the files', 'GONE', '2019-08-15', null],
])('%s', async (_what, isin, timePoint, age) => {
  const ageAt = await agesIn({
    'train_first_seen.csv.gz': firstSeen,
    'buys_dated_2018-01-02_to_2019-07-31.csv.gz': dated,
  })
  expect(ageAt('ana', isin, timePoint)).toBe(age)
})

test('a directory without dates has no ages', async () => {
  const ageAt = await agesIn({ 'train_first_seen.csv.gz': 'customerID,ISIN,first_split_index\nana,FUND,0\n' })
  expect(ageAt('ana', 'FUND', '2019-08-01')).toBeNull()
})

test('ages run along the items, whatever the order of the pairs', () => {
  const pairs = [
    ['bob', 'FUND'],
    ['ana', 'FUND'],
    ['bob', 'BOND'],
  ] as const
  expect(datedInteractionsOf(pairs, [1, 2, 3], []).interactions.ages).toEqual(Float32Array.of(2, 3, 1))
  expect(datedInteractionsOf(pairs, null).interactions.ages).toBeUndefined()
})
