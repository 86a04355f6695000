import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appendRandom } from '../../tests/randomRecord.js'
import { openRecord, type Record } from '../record.js'
import { openSearch } from './search.js'

let dir = ''
beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'other-ledger-'))))
afterEach(() => rm(dir, { recursive: true }))

test('files of another ledger are dropped, whether it is longer or shorter', async () => {
  const rowsOver = async (given: Record, folder: string) => {
    const search = openSearch(join(dir, folder), given)
    await search.current()
    const rows = await search.read((database, from) => database.rows(`SELECT * FROM ${from} ORDER BY ledger_index`))
    await search.close()
    return rows
  }
  const record = await openRecord(join(dir, 'ledger'), join(dir, 'persons'))
  await appendRandom(record, 0, 30, 1)
  const other = await openRecord(join(dir, 'other', 'ledger'), join(dir, 'other', 'persons'))
  await appendRandom(other, 0, 20, 2)
  const [here, there] = [await rowsOver(record, 'here'), await rowsOver(other, 'there')]
  expect(await rowsOver(other, 'here')).toEqual(there)
  expect(await rowsOver(record, 'here')).toEqual(here)
  await record.close()
  await other.close()
})
