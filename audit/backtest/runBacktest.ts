import { type DecisionEntry } from '../entry.js'
import { type Parts } from '../inputs.js'
import { type Record } from '../record.js'
import { type Period, recordedDecisions } from '../recordedDecisions.js'
import { type Backtest } from './backtest.js'
import { servedIn } from './compared.js'
import { type Decrypted, type Judging } from './judging.js'

export type BacktestPorts = {
  readonly record: Pick<Record, 'ledger' | 'persons'>
  readonly judging: Judging
  /** Entries looked at so far, of how many; awaited, so that a server can turn to others. */
  readonly told?: (done: number, total: number) => Promise<void> | void
}

/** Decisions given to be judged at once. */
const batchSize = 64

/**
 * Has the live decisions of a period judged again, under a candidate pack beside their own. Rejects rather than leave out
 * a decision: where a pack, a catalogue or the inputs of somebody who was not erased cannot be had.
 */
export async function runBacktest(period: Period, { record, judging, told }: BacktestPorts): Promise<Backtest> {
  const { ledger } = record
  const state = { entries: ledger.size(), head: ledger.lastHash() }
  let batch: Decrypted[] = []
  let [erased, leftOut, looked] = [0, 0, 0]
  const flush = async (index: number): Promise<void> => {
    await judging.add(batch)
    batch = []
    looked = index
    await told?.(index, state.entries)
  }
  for await (const { index, entry, unseal } of recordedDecisions(record, period)) {
    if (index >= state.entries) break
    const parts = entry.mode === 'live' ? await unseal() : 'left out'
    if (parts === 'left out') leftOut += 1
    else if (parts === 'erased') erased += 1
    else batch.push(decrypted(entry, parts))
    if (batch.length === batchSize || index - looked >= lookedAtOnce) await flush(index)
  }
  await flush(state.entries)
  return judging.result({ ...period, ledger: state, erased, leftOut })
}

/** Entries looked at between two tellings where few of them are to be judged. */
const lookedAtOnce = 512

const decrypted = (
  { decisionId, pseudonym, at, outcome, packDigest, catalogue }: DecisionEntry,
  { inputs, verdict }: Parts,
): Decrypted => {
  if (inputs === undefined || verdict === undefined)
    throw new Error(`what decision ${decisionId} sealed holds no inputs: restore persons/ from a backup`)
  return {
    entry: { decisionId, pseudonym, at, packDigest, catalogue },
    slate: servedIn(outcome),
    parts: { inputs, verdict },
  }
}
