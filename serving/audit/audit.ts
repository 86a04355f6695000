import { type Record } from '../../audit/record.js'
import { type Search } from '../../audit/search/search.js'
import { type Home } from '../home.js'
import { packOf } from '../packs.js'
import { type AuditService } from './auditService.js'
import { backtestOf } from './backtest/backtest.js'
import { ledgerOf } from './ledger.js'
import { entrySearchOf } from './entries/search.js'
import { whyOf } from './why.js'

/** What the auditor's tools read. */
export type AuditPorts = { readonly home: Home; readonly record: Record; readonly search: Search }

/** The auditor's tools over an open data directory. */
export function auditOf({ home, record, search }: AuditPorts): AuditService {
  return {
    ...ledgerOf(record.ledger),
    decision: async (firmId, id) => {
      const found = await record.read(firmId, id)
      return found === null
        ? null
        : {
            decisionId: id,
            ledgerIndex: found.index,
            entry: found.entry,
            verdict: found.decision ?? 'erased',
            inputs: found.inputs,
          }
    },
    why: async (firmId, id, productId, language) => {
      const found = await record.read(firmId, id)
      if (found === null) return null
      if (found.inputs === 'erased' || found.decision === null) return 'erased'
      const { inputs, decision } = found
      const { packDigest, catalogue: named } = decision
      const pack = await packOf(packDigest, home.blobs)
      const seen = await home.catalogueLog.asOf(named.revision, named.knownBefore)
      return whyOf({ decisionId: id, decision, inputs, pack, catalogue: seen, language }, productId)
    },
    backtest: (candidate, period, told) => backtestOf({ home, record }, candidate, period, told),
    entries: entrySearchOf({ home, record, search }),
  }
}
