import { Redis } from 'ioredis'
import { open } from 'lmdb'

/** A client as its package makes it, with nothing of ours around it: what a read costs at the least. */
export type BareClient<T> = { readonly get: (key: string) => T; readonly close: () => Promise<void> }

/** A new database in a directory, filled. */
export async function bareLmdb(
  dir: string,
  entries: Iterable<readonly [string, Uint8Array]>,
): Promise<BareClient<Uint8Array | undefined>> {
  const database = open<Uint8Array, string>({ path: dir, noSubdir: false, encoding: 'binary' })
  await database.transaction(() => {
    for (const [key, value] of entries) database.putSync(key, value)
  })
  await database.flushed
  return { get: (key) => database.get(key), close: () => database.close() }
}

export async function bareRedis(
  port: number,
  options: { readonly enableAutoPipelining?: boolean } = {},
): Promise<BareClient<Promise<Uint8Array | null>>> {
  const client = new Redis({ ...options, host: '127.0.0.1', port, lazyConnect: true })
  await client.connect()
  return {
    get: (key) => client.getBuffer(key),
    close: async () => {
      await client.quit()
    },
  }
}
