import { isPersonal } from '../../audit/entry.js'
import { type Ledger } from '../../audit/ledger.js'
import { tlogProofOf } from '../../audit/tlogProof.js'
import { recording } from '../recording.js'
import { type LedgerService } from './auditService.js'

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/** What the ledger proves of itself. */
export function ledgerOf(ledger: Ledger): LedgerService {
  const checkpointOver = async (index: number) => {
    const newest = ledger.newestCheckpoint()
    return newest !== null && newest.size > index ? newest : ledger.checkpoint()
  }

  const consistencyOf: LedgerService['consistency'] = async (from, to = ledger.size()) => {
    if (to > ledger.size()) return { beyond: 'to', size: ledger.size() }
    if (from > to) return { beyond: 'from', size: to }
    const proof = await ledger.consistency(from, to)
    const head = ({ size, root }: typeof proof.from) => ({ size, root: base64(root) })
    return { from: head(proof.from), to: head(proof.to), hashes: proof.path.map(base64) }
  }

  const proofOf: LedgerService['proof'] = async (firmId, entryId) => {
    const found = await ledger.get(entryId)
    if (found === null || !isPersonal(found.entry) || found.entry.firmId !== firmId) return null
    const { index, bytes } = found
    const { size, note } = await checkpointOver(index)
    return { entry: base64(bytes), index, proof: tlogProofOf(await ledger.inclusion(index, size), note) }
  }

  return {
    checkpoint: async () => {
      const { note, size, root } = await recording(ledger.checkpoint())
      return { checkpoint: note, size, root: base64(root), vkey: ledger.vkey }
    },
    consistency: (from, to) => recording(consistencyOf(from, to)),
    proof: (firmId, entryId) => recording(proofOf(firmId, entryId)),
  }
}
