import { type Pack } from '../../engine/suitability/pack.js'
import { type Catalogue } from '../../features/schema/catalogue.js'
import { type Digest } from '../../features/schema/ids.js'
import { type DecisionEntry } from '../entry.js'
import { type Record } from '../record.js'
import { type Period, recordedDecisions } from '../recordedDecisions.js'
import { type Backtest } from './backtest.js'
import { openBacktest } from './openBacktest.js'

/** Where recorded decisions, and what they were judged by, come from. */
export type BacktestPorts = {
  readonly record: Pick<Record, 'ledger' | 'persons'>
  readonly packOf: (digest: Digest) => Promise<Pack>
  /** Asked for in the order of the ledger, so that revisions mostly ascend. */
  readonly catalogueOf: (named: DecisionEntry['catalogue']) => Promise<Catalogue>
  /** Entries looked at so far, of how many; awaited, so that a server can turn to others. */
  readonly told?: (done: number, total: number) => Promise<void> | void
}

/** Entries between two calls of `told`. */
const tellEvery = 64

/**
 * Judges the live decisions of a period again, under a candidate pack beside their own. Rejects rather than leave out a
 * decision: where a pack, a catalogue or the inputs of somebody who was not erased cannot be had.
 */
export async function runBacktest(candidate: Pack, period: Period, ports: BacktestPorts): Promise<Backtest> {
  const { record, packOf, told } = ports
  const { ledger } = record
  const open = openBacktest(candidate)
  const state = { entries: ledger.size(), head: ledger.lastHash() }
  const catalogueOf = checkedCatalogue(ports.catalogueOf)
  let [erased, leftOut, next] = [0, 0, 0]
  for await (const { index, entry, unseal } of recordedDecisions(record, period)) {
    if (index >= state.entries) break
    if (index >= next) {
      await told?.(index, state.entries)
      next = index + tellEvery
    }
    if (entry.mode !== 'live') {
      leftOut += 1
      continue
    }
    const sealed = await unseal()
    if (sealed === 'erased') {
      erased += 1
      continue
    }
    const [pack, catalogue] = [await packOf(entry.packDigest), await catalogueOf(entry)]
    open.add({ entry, investor: sealed.inputs.investor, verdictDigest: sealed.verdict.digest, pack, catalogue })
  }
  await told?.(state.entries, state.entries)
  return open.result({ ...period, ledger: state, erased, leftOut })
}

/** The same catalogue again while decisions name it; one of another digest than they name is refused. */
function checkedCatalogue(find: BacktestPorts['catalogueOf']) {
  const kept = new Map<Digest, Catalogue>()
  return async ({ catalogue: named, decisionId }: DecisionEntry): Promise<Catalogue> => {
    const known = kept.get(named.digest)
    if (known !== undefined) return known
    const found = await find(named)
    if (found.digest !== named.digest)
      throw new Error(
        `decision ${decisionId} names catalogue revision ${named.revision} by another digest than is kept: restore catalogue/ from a backup`,
      )
    if (kept.size === mostCatalogues) kept.delete(kept.keys().next().value ?? named.digest)
    kept.set(named.digest, found)
    return found
  }
}

/** Two decisions made at once may be recorded in the other order of their catalogues. */
const mostCatalogues = 4
