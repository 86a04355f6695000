import { type Ledger } from '../audit/ledger.js'

/** Calls `work` every so many milliseconds, until the returned function is called. */
export type Every = (ms: number, work: () => void) => () => void

export const everyByTimer: Every = (ms, work) => {
  const timer = setInterval(work, ms).unref()
  return () => clearInterval(timer)
}

/** What is appended in that time can be cut off the ledger's end without that its checkpoint tells. */
export const checkpointEveryMs = 60_000

/**
 * Signs a checkpoint now and, while the ledger grows, one a minute; the returned function ends that, with a last one.
 * Rejects where the first cannot be signed; a later one that cannot is told, and tried again.
 */
export async function keepCheckpoints(
  ledger: Pick<Ledger, 'checkpoint' | 'failure'>,
  say: (text: string) => void,
  every: Every,
): Promise<() => Promise<void>> {
  await ledger.checkpoint()
  const stop = every(checkpointEveryMs, () => {
    ledger.checkpoint().catch((error: NodeJS.ErrnoException) => {
      say(`ledger: no checkpoint could be signed (${error.code ?? error.name}); it is tried again in a minute`)
    })
  })
  return async () => {
    stop()
    if (ledger.failure() === null) await ledger.checkpoint()
  }
}
