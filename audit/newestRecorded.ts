import { type Instant } from '../features/schema/time.js'
import { type Ledger } from './ledger.js'

/** Entries looked at: those that run at once end in another order than they began. */
const looked = 256

/** The newest instant among the last entries, decisions as of the past left out; -Infinity where there are none. */
export async function newestRecorded(ledger: Pick<Ledger, 'iterate' | 'size'>): Promise<Instant> {
  let newest = -Infinity
  for await (const { entry } of ledger.iterate(Math.max(0, ledger.size() - looked)))
    if (entry.type !== 'decision' || entry.mode === 'live') newest = Math.max(newest, entry.at)
  return newest
}
