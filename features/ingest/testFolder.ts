import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Product } from '../schema/product.js'
import { type EventRecord, type InvestorRecord } from '../schema/records.js'
import { type Instant } from '../schema/time.js'
import { type Sink } from './sink.js'

/** For tests: runs `use` over a temporary folder that holds these files, and removes it. */
export async function withFolder<T>(
  files: Readonly<Record<string, string | Uint8Array>>,
  use: (dir: string) => Promise<T>,
): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'aptus-ingest-'))
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(dir, name), content)
    return await use(dir)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** For tests: a sink that keeps what it was given, in order. */
export function collectingSink() {
  const investors: InvestorRecord[] = []
  const events: EventRecord[] = []
  const products: { knownAt: Instant; changes: readonly Product[] }[] = []
  const sink: Sink = {
    investors: (records) => {
      investors.push(...records)
      return Promise.resolve()
    },
    events: (records) => {
      events.push(...records)
      return Promise.resolve()
    },
    products: (changes, knownAt) => {
      products.push({ knownAt, changes })
      return Promise.resolve()
    },
  }
  return { sink, investors, events, products }
}
