import { createRequire } from 'node:module'
import type * as duckdb from '@duckdb/node-api'
import { type DuckDBAppender, type DuckDBConnection, type DuckDBInstance, type DuckDBValue } from '@duckdb/node-api'

/** The rows of one chunk, by column: `columns[c][r]`; BIGINT comes as bigint, so cast to DOUBLE what fits 53 bits. */
export type Columns = readonly (readonly DuckDBValue[])[]

/** What one cell takes when rows are appended; a whole number goes into a BIGINT, `real` into a DOUBLE. */
export type Cell = string | number | { readonly real: number } | null

export type DuckDb = {
  readonly run: (sql: string) => Promise<void>
  /** The whole result, a row an array. */
  readonly rows: (sql: string) => Promise<readonly (readonly DuckDBValue[])[]>
  /** The result as it comes, in chunks of about 2,000 rows; other queries may run meanwhile. */
  readonly stream: (sql: string) => AsyncIterable<Columns>
  /** Appends rows of VARCHAR, BIGINT and DOUBLE cells to a table, at about a million rows a second. */
  readonly append: (table: string, rows: Iterable<readonly Cell[]>) => Promise<void>
  readonly close: () => Promise<void>
}

/** A text as an SQL literal: the only way that a path or an id may enter a statement. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

const appendCell = (appender: DuckDBAppender, cell: Cell): void => {
  if (cell === null) appender.appendNull()
  else if (typeof cell === 'string') appender.appendVarchar(cell)
  else if (typeof cell === 'number') appender.appendBigInt(BigInt(cell))
  else appender.appendDouble(cell.real)
}

/** Loaded at the first statement, and by require: two in ten seconds of every command were its loading by import. */
const instanceFor = (tempDirectory: string, memoryLimit: string): Promise<DuckDBInstance> => {
  const { DuckDBInstance } = createRequire(import.meta.url)('@duckdb/node-api') as typeof duckdb
  return DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: memoryLimit,
    temp_directory: tempDirectory,
  })
}

/**
 * An in-memory DuckDB that spills into `tempDirectory` beyond its memory limit, on two threads; it is opened by its
 * first statement, which rejects where it cannot be.
 * One connection a statement: a second statement on a connection would end a stream that is still being read.
 */
export const openDuckDb = (tempDirectory: string, memoryLimit = '1GB'): Promise<DuckDb> => {
  let opened: Promise<DuckDBInstance> | null = null
  const connect = async (): Promise<DuckDBConnection> =>
    (await (opened ??= instanceFor(tempDirectory, memoryLimit))).connect()

  const connected = async <T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> => {
    const connection = await connect()
    try {
      return await work(connection)
    } finally {
      connection.closeSync()
    }
  }

  const append = (table: string, rows: Iterable<readonly Cell[]>): Promise<void> =>
    connected(async (connection) => {
      const appender = await connection.createAppender(table)
      try {
        for (const row of rows) {
          for (const cell of row) appendCell(appender, cell)
          appender.endRow()
        }
      } finally {
        appender.closeSync()
      }
    })

  const stream = async function* (sql: string): AsyncIterable<Columns> {
    const connection = await connect()
    try {
      const result = await connection.stream(sql)
      for (;;) {
        const chunk = await result.fetchChunk()
        if (chunk === null || chunk.rowCount === 0) return
        yield chunk.getColumns()
      }
    } finally {
      connection.closeSync()
    }
  }

  return Promise.resolve({
    run: async (sql) => {
      await connected((connection) => connection.run(sql))
    },
    rows: (sql) => connected(async (connection) => (await connection.runAndReadAll(sql)).getRows()),
    stream,
    append,
    close: async () => (await opened)?.closeSync(),
  })
}
