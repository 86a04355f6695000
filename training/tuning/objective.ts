import { encodeArtifact } from '../../engine/model/artifact.js'
import { type Pack } from '../../engine/suitability/pack.js'
import { randomFor } from '../../features/definitions/random.js'
import { type Interactions as Recorded } from '../../features/history/port.js'
import { type Catalogue } from '../../features/schema/catalogue.js'
import { type Instant } from '../../features/schema/time.js'
import { drawInvestors, judgedOf } from '../evaluation/heldOut.js'
import { slatesOf } from '../evaluation/slates.js'
import { cutOf, type Fit, purchasesFrom, releaseInMemory, snapshotsOf } from '../holdout.js'
import { rowsBefore, rowsWhere } from '../rowsBefore.js'
import { ndcg } from '../metrics/ndcg.js'
import { recall } from '../metrics/recall.js'
import { type Objective } from './tune.js'

export type Validation = {
  readonly recorded: Recorded
  readonly catalogueAsOf: (at: Instant) => Promise<Catalogue>
  readonly fit: Fit
  /** `eval-open`: the model's own ranking is tuned; rules are not its business. */
  readonly pack: Pack
  readonly seed: number
  /** Investors judged at most. */
  readonly investors: number
}

const k = 10

/**
 * Judges configs on the last tenth of what came before the test period, which nothing here sees: `evaluate` holds out the
 * latest tenth, and what is tuned on is cut from the rest. Every config is judged on the same investors, whatever the
 * share that it learns from. Null where too little was recorded to hold out twice.
 */
export async function validationOf(options: Validation): Promise<{
  readonly objective: Objective
  readonly test: Instant
  readonly cut: Instant
  readonly judged: number
} | null> {
  const { recorded, fit, pack, seed, investors } = options
  const test = cutOf(recorded)
  if (test === null) return null
  const train = rowsBefore(recorded, test)
  const cut = cutOf(train)
  if (cut === null) return null
  const [catalogue, before] = [await options.catalogueAsOf(cut), rowsBefore(train, cut)]
  const relevant = purchasesFrom(train, cut, catalogue)
  if (relevant.size === 0) return null
  const snapshotOf = snapshotsOf(before, cut)
  const judged = drawInvestors(relevant.keys(), investors, seed).map((id) =>
    judgedOf(snapshotOf(id), relevant.get(id) ?? [], catalogue),
  )
  const objective: Objective = async (config, share) => {
    const model = encodeArtifact(await fit(config, { catalogue, recorded: ofShare(before, share, seed), asOf: cut }))
    const slates = slatesOf(releaseInMemory(model, catalogue), pack, judged, { catalogue, cut, seed, k })
    const mean = (of: typeof ndcg): number =>
      judged.reduce((sum, { bought }, at) => sum + of([...(slates[at]?.shown ?? [])], bought, k), 0) / judged.length
    return { 'ndcg@10': mean(ndcg), 'recall@10': mean(recall) }
  }
  return { objective, test, cut, judged: judged.length }
}

/** The rows of a share of the investors, drawn by the seed: whoever is in a share is in every larger one. */
export function ofShare(recorded: Recorded, share: number, seed: number): Recorded {
  if (share >= 1) return recorded
  const { uniform } = randomFor(seed, 'tuning share')
  const drawn = recorded.investorIds.map(() => uniform() < share)
  return rowsWhere(recorded, (row) => drawn[recorded.rows.investor[row] ?? -1] === true)
}
