import { type FirmId } from '../features/schema/ids.js'
import { type Instant } from '../features/schema/time.js'
import { type DecisionEntry } from './entry.js'
import { sealedOf, type SealedInputs } from './inputs.js'
import { type LedgerIndex } from './ledger.js'
import { partsIn, type Record } from './record.js'

/** Decisions of a firm with `from` ≤ at < `to`; null: no bound. */
export type Period = { readonly firmId: FirmId; readonly from: Instant | null; readonly to: Instant | null }

/** A recorded decision, whose sealed part is read and decrypted when it is asked for. */
export type RecordedDecision = {
  readonly index: LedgerIndex
  readonly entry: DecisionEntry
  /** Rejects where the inputs are lost though the person was not erased. */
  readonly unseal: () => Promise<SealedInputs | 'erased'>
}

/** The recorded decisions of a period, in the ledger's order; `told` after each entry of any type, with its index. */
export async function* recordedDecisions(
  { ledger, persons }: Pick<Record, 'ledger' | 'persons'>,
  { firmId, from, to }: Period,
  told: (index: LedgerIndex) => void = () => undefined,
): AsyncGenerator<RecordedDecision> {
  for await (const { index, entry } of ledger.iterate()) {
    told(index)
    if (entry.type !== 'decision' || entry.firmId !== firmId) continue
    if (entry.at < (from ?? -Infinity) || entry.at >= (to ?? Infinity)) continue
    yield {
      index,
      entry,
      unseal: async () => {
        const parts = await partsIn(persons, entry)
        return parts === 'erased' ? parts : sealedOf(parts)
      },
    }
  }
}
