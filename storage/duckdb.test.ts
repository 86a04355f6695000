import { tmpdir } from 'node:os'
import { type DuckDb, literal, openDuckDb } from './duckdb.js'

describe('duckdb', () => {
  let database: DuckDb
  beforeAll(async () => {
    database = await openDuckDb(tmpdir(), '256MB')
    await database.run('CREATE TABLE t (name VARCHAR, n BIGINT)')
  })
  afterAll(() => database.close())
  beforeEach(() => database.run('DELETE FROM t'))

  test('appended rows come back, nulls and large whole numbers too', async () => {
    await database.append('t', [
      ['a', 8_640_000_000_000_000],
      [null, -1],
      ['易', null],
    ])
    expect(await database.rows('SELECT name, n::DOUBLE FROM t ORDER BY n NULLS LAST')).toEqual([
      [null, -1],
      ['a', 8_640_000_000_000_000],
      ['易', null],
    ])
  })

  test('a stream goes on while other statements run, and may be left early', async () => {
    await database.append(
      't',
      Array.from({ length: 10_000 }, (_, n) => [`id${n}`, n]),
    )
    let seen = 0
    for await (const [, numbers] of database.stream('SELECT name, n::DOUBLE FROM t ORDER BY n')) {
      expect(numbers?.[0]).toBe(seen)
      seen += numbers?.length ?? 0
      expect(await database.rows('SELECT count(*)::DOUBLE FROM t')).toEqual([[10_000]])
    }
    expect(seen).toBe(10_000)
    for await (const columns of database.stream('SELECT n FROM t')) {
      expect(columns).toHaveLength(1)
      break
    }
  })

  test('a value of another type is refused', async () => {
    await expect(database.append('t', [['a', 1.5]])).rejects.toThrow(RangeError)
  })

  test.each(["it's", "'; DROP TABLE t; --", 'plain', ''])('%j survives as a literal', async (text) => {
    expect(await database.rows(`SELECT ${literal(text)}`)).toEqual([[text]])
  })
})
