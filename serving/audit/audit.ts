import { type DecisionEntry } from '../../audit/entry.js'
import { type Record } from '../../audit/record.js'
import { type Search } from '../../audit/search/search.js'
import { type Language } from '../../engine/explanation/texts.js'
import { type Catalogue } from '../../features/schema/catalogue.js'
import { type DecisionId, type FirmId } from '../../features/schema/ids.js'
import { type Home } from '../home.js'
import { packOf } from '../packs.js'
import { type AuditService } from './auditService.js'
import { backtestOver } from './backtest/backtest.js'
import { ledgerOf } from './ledger.js'
import { entrySearchOf } from './entries/search.js'
import { counterfactualOf } from './counterfactual.js'
import { exposuresOf } from './exposures.js'
import { decisionReport } from './report/report.js'
import { productsOf } from './products.js'
import { replayOf } from './replay/replay.js'
import { whyOf } from './why.js'

/** What the auditor's tools read. */
export type AuditPorts = { readonly home: Home; readonly record: Record; readonly search: Search }

/** The auditor's tools over an open data directory; back-tests that go on are begun above. */
export function auditOf({ home, record, search }: AuditPorts): Omit<AuditService, 'backtests'> {
  let catalogue: Catalogue | null = null
  /** The last one is kept: whoever pages through a decision asks for it again and again. */
  const catalogueOf = async ({ revision, knownBefore }: DecisionEntry['catalogue']): Promise<Catalogue> => {
    if (catalogue?.revision !== revision || catalogue.knownBefore !== knownBefore)
      catalogue = await home.catalogueLog.asOf(revision, knownBefore)
    return catalogue
  }
  const recorded = async (firmId: FirmId, decisionId: DecisionId, language: Language) => {
    const found = await record.read(firmId, decisionId)
    if (found === null) return null
    if (found.inputs === 'erased' || found.decision === null) return 'erased'
    const { inputs, decision } = found
    const pack = await packOf(decision.packDigest, home.blobs)
    return { decisionId, decision, inputs, pack, catalogue: await catalogueOf(decision.catalogue), language }
  }
  const ledger = ledgerOf(record.ledger)
  const replaying = replayOf({ home, record })
  return {
    ...ledger,
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
      const found = await recorded(firmId, id, language)
      return found === null || found === 'erased' ? found : whyOf(found, productId)
    },
    products: async (firmId, id, asked) => {
      const found = await recorded(firmId, id, asked.language)
      return found === null || found === 'erased' ? found : productsOf(found, asked)
    },
    counterfactual: async (firmId, id, productId, language) => {
      const found = await recorded(firmId, id, language)
      return found === null || found === 'erased' ? found : counterfactualOf(found, productId)
    },
    report: async (firmId, id, { language, products }) => {
      const found = await record.read(firmId, id)
      const proof = await ledger.proof(firmId, id)
      if (found === null || proof === null) return null
      const whole = await recorded(firmId, id, language)
      const again = await replaying.replay(firmId, id, { strict: false })
      if (again === null) return null
      return decisionReport({
        entry: found.entry,
        pack: await packOf(found.entry.packDigest, home.blobs),
        catalogue: await catalogueOf(found.entry.catalogue),
        recorded: whole === 'erased' ? null : whole,
        proof,
        replayed: again.replayed,
        vkey: record.ledger.vkey,
        language,
        products,
      })
    },
    exposures: (firmId, asked) => exposuresOf({ home, record }, firmId, asked),
    backtest: (candidate, period, told) => backtestOver(home.dir, record, candidate, period, told),
    ...replaying,
    entries: entrySearchOf({ home, record, search }),
  }
}
