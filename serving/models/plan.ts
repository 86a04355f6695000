import { join } from 'node:path'
import { interactionTypes } from '../../features/history/port.js'
import { type Instant } from '../../features/schema/time.js'
import { type Cost, costOf } from '../../training/cost.js'
import { cutOf } from '../../training/holdout.js'
import { type ModelConfig } from '../../training/models/config.js'
import { runRecords } from '../../training/run.js'
import { lineageOf } from '../../training/runRecord.js'
import { chooseModel, pairsOf } from '../../training/serving.js'
import { folders } from '../home.js'
import { type TrainingHome } from '../trainingHome.js'

/** What `trainRun` would do. */
export type Plan = {
  readonly asOf: Instant
  readonly rows: { readonly purchases: number; readonly views: number }
  readonly investors: number
  readonly products: number
  /** Of investor and product, that the model would learn from. */
  readonly pairs: number
  readonly config: ModelConfig
  readonly because: string
  /** From when purchases would be held out to judge it; null: too few to judge. */
  readonly heldOutFrom: Instant | null
  readonly cost: Cost
}

/** Reads what a run would read, and writes nothing. */
export async function planOf(home: TrainingHome, config: ModelConfig, asOf: Instant): Promise<Plan> {
  const [catalogue, recorded] = [await home.catalogueLog.asOf(null, asOf), await home.history.interactions(asOf)]
  const { config: chosen, because } = chooseModel(config, catalogue, recorded)
  const pairs = pairsOf(catalogue, recorded, 'viewWeight' in chosen ? chosen.viewWeight : 0).items.length
  const purchase = interactionTypes.indexOf('purchase')
  const purchases = recorded.rows.type.reduce((count, type) => count + Number(type === purchase), 0)
  const runs = (await runRecords(join(home.dir, folders.runs))).map(({ id, kind, record, metrics }) => ({
    ...{ id, kind, asOf: record.asOf, seconds: record.seconds, peakMb: lineageOf(record).peakMb },
    pairs: metrics['pairs'] ?? 0,
  }))
  return {
    ...{ asOf, config: chosen, because, pairs },
    rows: { purchases, views: recorded.rows.type.length - purchases },
    investors: recorded.investorIds.length,
    products: catalogue.products.length,
    heldOutFrom: cutOf(recorded),
    cost: costOf(chosen.kind, pairs, runs),
  }
}
