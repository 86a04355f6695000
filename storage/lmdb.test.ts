import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLmdb } from './lmdb.js'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (value: Uint8Array | undefined): string | null =>
  value === undefined ? null : Buffer.from(value).toString()

describe('lmdb', () => {
  let dir = ''
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'aptus.lmdb-'))
  })
  afterEach(async () => {
    await rm(dir, { recursive: true })
  })

  test('keeps what a transaction wrote, and a new opening finds it', async () => {
    const first = await openLmdb(dir)
    await first.transact(({ put }) => {
      put('b', bytes('2'))
      put('a', bytes('1'))
    })
    await first.close()
    const second = await openLmdb(dir)
    expect(text(second.get('a'))).toBe('1')
    expect([...second.entries()].map(({ key }) => key)).toEqual(['a', 'b'])
    expect([...second.entries('b')].map(({ value }) => text(value))).toEqual(['2'])
    await second.close()
  })

  test('a transaction reads its own writes and those before it', async () => {
    const database = await openLmdb(dir)
    const count = (): Promise<void> =>
      database.transact(({ get, put }) => {
        put('n', bytes(String(Number(text(get('n')) ?? '0') + 1)))
      })
    await Promise.all([count(), count(), count()])
    expect(text(database.get('n'))).toBe('3')
    await database.close()
  })

  test('a throw undoes the transaction and no other', async () => {
    const database = await openLmdb(dir)
    const kept = database.transact(({ put }) => {
      put('kept', bytes('1'))
    })
    const undone = database.transact(({ put }) => {
      put('undone', bytes('1'))
      throw new Error('stop here')
    })
    await expect(undone).rejects.toThrow('stop here')
    await kept
    expect(text(database.get('kept'))).toBe('1')
    expect(database.get('undone')).toBeUndefined()
    expect(await database.transact(({ remove }) => [remove('kept'), remove('undone')])).toEqual([true, false])
    await database.close()
  })
})
