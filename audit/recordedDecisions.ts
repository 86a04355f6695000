import { type FirmId } from '../features/schema/ids.js'
import { type Instant } from '../features/schema/time.js'
import { type DecisionEntry } from './entry.js'
import { type Parts } from './inputs.js'
import { type LedgerIndex } from './ledger.js'
import { partsIn, type Record } from './record.js'

/** Decisions of a firm with `from` ≤ at < `to`; null: no bound. */
export type Period = { readonly firmId: FirmId; readonly from: Instant | null; readonly to: Instant | null }

/** A recorded decision, whose sealed parts are read and decrypted when they are asked for. */
export type RecordedDecision = {
  readonly index: LedgerIndex
  readonly entry: DecisionEntry
  /** The entry as it lies in the ledger. */
  readonly bytes: Uint8Array
  /** To be decoded by `partOf`. Rejects where they are lost though the person was not erased. */
  readonly unseal: () => Promise<Parts | 'erased'>
}

/** The recorded decisions of a period, in the ledger's order. */
export async function* recordedDecisions(
  { ledger, persons }: Pick<Record, 'ledger' | 'persons'>,
  { firmId, from, to }: Period,
): AsyncGenerator<RecordedDecision> {
  for await (const { index, entry, bytes } of ledger.iterate()) {
    if (entry.type !== 'decision' || entry.firmId !== firmId) continue
    if (entry.at < (from ?? -Infinity) || entry.at >= (to ?? Infinity)) continue
    yield { index, entry, bytes, unseal: () => partsIn(persons, entry) }
  }
}
