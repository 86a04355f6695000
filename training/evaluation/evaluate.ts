import { localDate } from '../../features/definitions/calendar.js'
import { type Pack } from '../../engine/suitability/pack.js'
import { type Catalogue } from '../../features/schema/catalogue.js'
import { type InvestorId, type ProductId } from '../../features/schema/ids.js'
import { type InvestorSnapshot } from '../../features/schema/records.js'
import { type Instant } from '../../features/schema/time.js'
import { type Interactions as Recorded } from '../../features/history/port.js'
import { buyersOf } from '../exposure/buyers.js'
import { floorsOf } from '../exposure/floors.js'
import { cutOf, type Fit, purchasesFrom, releaseInMemory, snapshotsOf } from '../holdout.js'
import { rowsBefore } from '../rowsBefore.js'
import { type ModelConfig } from '../models/config.js'
import { type HoldingExample } from '../models/holding/fit.js'
import { objectivesOf, weighsAny } from '../objectives/weights.js'
import { pairsOf } from '../serving.js'
import { bootstrapMeans } from './bootstrap.js'
import { randomCoherence } from './columns.js'
import { type EvaluationConfig } from './config.js'
import { contenders, type Found, type Incumbent } from './contenders.js'
import { floorsReport } from './floors.js'
import { frontOf } from './front.js'
import { drawInvestors, forbiddenOf, judgedOf } from './heldOut.js'
import { heldOf } from './heldShown.js'
import { type Held } from './lifetimes.js'
import { marketOf } from './market.js'
import { objectivePoints } from './objectives.js'
import { type EvaluationReport } from './report.js'
import { membersOf, segmentsOf } from './segments.js'
import { type Circumstances, type Judged, permissions, type Slate } from './slates.js'
import { summarise } from './summary.js'
import { totalsOf } from './totals.js'

/** What came of purchases, by which slates are judged beside the purchases themselves. */
export type Outcomes = {
  /** Returns by product over the 30 days after the cut, as fractions. */
  readonly returns: ReadonlyMap<ProductId, number>
  /** How long purchases were held, by investor; of many investors a part suffices, with those judged among them. */
  readonly held: ReadonlyMap<InvestorId, readonly Held[]>
}

export type EvaluationOptions = {
  /** The catalogue as known strictly before an instant: no model sees anything of the products after the cut. */
  readonly catalogueAsOf: (at: Instant) => Promise<Catalogue>
  readonly recorded: Recorded
  readonly asOf: Instant
  readonly config: ModelConfig
  readonly seed: number
  readonly evaluation: EvaluationConfig
  /** Fits what a config asks for on what was known before `asOf`. */
  readonly fit: Fit
  /** `off`: `eval-open`, which permits all. */
  readonly packs: { readonly on: Pack; readonly off: Pack }
  /** Investors as known at the cut; of whom nothing is told, a blank profile with his behaviour is taken. */
  readonly snapshotsAt?: (
    cut: Instant,
    ids: ReadonlySet<InvestorId>,
    catalogue: Catalogue,
  ) => Promise<ReadonlyMap<InvestorId, InvestorSnapshot>>
  readonly outcomes?: (cut: Instant, ids: ReadonlySet<InvestorId>) => Promise<Outcomes>
  /** Of what was known before an instant, for how long purchases were held: then weights of objectives are tried. */
  readonly holdingKnown?: (known: Parameters<Fit>[1]) => Promise<readonly HoldingExample[]>
  readonly incumbent?: Incumbent | null
  /** Time spent in this process, ms: then it is told what decisions take. */
  readonly processorMs?: () => number
}

const dayMs = 86_400_000
const noOutcomes: Outcomes = { returns: new Map(), held: new Map() }

/**
 * Judges the config's model on the latest tenth of the purchases: trained on what came before, over the catalogue and
 * the profiles as they were known then, slates by `decide`; popularity beside it, and the incumbent. A product that the
 * investor had bought before, or that was not yet known, does not count. Null where figures would mean nothing: fewer
 * than 50 purchases to hold out, no investor who bought something new, or nothing to learn from.
 */
export async function evaluate(options: EvaluationOptions): Promise<EvaluationReport | null> {
  const { recorded, seed, packs, evaluation } = options
  const cut = cutOf(recorded)
  if (cut === null) return null
  const catalogue = await options.catalogueAsOf(cut)
  const before = rowsBefore(recorded, cut)
  const relevant = purchasesFrom(recorded, cut, catalogue)
  if (relevant.size === 0 || pairsOf(catalogue, before, 0).items.length === 0) return null

  const ids = drawInvestors(relevant.keys(), evaluation.investors, seed)
  const judged = await judgedAt(options, cut, catalogue, before, relevant, ids)
  const outcomes = (await options.outcomes?.(cut, new Set(ids))) ?? noOutcomes
  const market = marketOf(
    catalogue,
    { ...buyersOf(before), returns: outcomes.returns, held: [...outcomes.held.values()].flat() },
    evaluation.holdingDays,
  )
  const circumstances = { catalogue, cut, seed, k: evaluation.k, processorMs: options.processorMs }
  const permits = permissions(packs.on, judged, circumstances)
  const found = await contenders({ ...options, recorded: before }, judged, circumstances, market)

  const today = localDate(cut, packs.on.timeZone)
  const members = membersOf(
    judged.map(({ snapshot }) => segmentsOf(snapshot, today)),
    evaluation.leastOfSegment,
  )
  const measures = { market, seed, resamples: evaluation.resamples }
  const summaries = members.map((of) => summarise(of, found, measures))
  // Nothing is known of how purchases of the holdout lasted beyond today.
  const heldDays = Math.min(evaluation.holdingDays, Math.max(1, Math.floor((options.asOf - cut) / dayMs)))
  const heldOut = forbiddenOf(judged, permits)
  if (heldOut === null) return null
  const [coherence = null] = bootstrapMeans([randomCoherence(judged, market)], { ...measures, label: 'random' })
  const looked = { judged, circumstances, recorded: before, measures }
  const named = ({ id, digest }: Pack) => ({ id, digest })
  return {
    ...{ v: 1, cut, asOf: options.asOf, seed, config: evaluation, eligible: relevant.size, investors: judged.length },
    packs: { on: named(packs.on), off: named(packs.off) },
    heldOut,
    randomCoherence: coherence,
    models: found.map(({ name, kind, runId, as, on, off }, at) => ({
      ...{ name, kind, runId, as },
      segments: summaries.flatMap(({ segments }) => segments[at] ?? []),
      on: totalsOf(on.slates, judged, permits, market),
      off: totalsOf(off.slates, judged, permits, market),
      held: heldOf(on.slates, judged, outcomes.held, { catalogue, cut, days: heldDays }),
    })),
    ...decideMsOf(found[0]?.on.slates ?? []),
    front: frontOf(found[0]?.on.slates ?? [], judged, market, catalogue, evaluation.k),
    ...(found[0] && (await triedObjectives(options, { candidate: found[0], ...looked }))),
    ...(found[0] && keptPlaces(options, { candidate: found[0], ...looked })),
    differences: found
      .slice(1)
      .flatMap(({ name }, at) =>
        name === 'candidate'
          ? []
          : [{ against: name, segments: summaries.flatMap(({ differences }) => differences[at] ?? []) }],
      ),
  }
}

/** The candidate, whom it was judged on, and what was known before the cut. */
type Looked = {
  readonly candidate: Found
  readonly judged: readonly Judged[]
  readonly circumstances: Circumstances
  readonly recorded: Recorded
  readonly measures: Parameters<typeof objectivePoints>[3]
}

/** What weights of objectives would cost and gain the candidate. */
async function triedObjectives(
  { config, holdingKnown }: EvaluationOptions,
  { candidate: { model, on }, judged, circumstances, recorded, measures }: Looked,
): Promise<Pick<EvaluationReport, 'objectives'>> {
  if (holdingKnown === undefined) return {}
  const { catalogue, cut } = circumstances
  // What weighs them already has a head of holding.
  const holding = weighsAny(config) ? [] : await holdingKnown({ catalogue, recorded, asOf: cut })
  const weighing = { model, slates: on.slates, weights: objectivesOf(config), holding }
  return { objectives: objectivePoints(weighing, judged, circumstances, measures) }
}

/** What the floors that its config asks for give and cost the candidate. */
function keptPlaces(
  { config, packs }: EvaluationOptions,
  { candidate, judged, circumstances, recorded, measures }: Looked,
): Pick<EvaluationReport, 'floors'> {
  if (!config.exposure || config.exposure.floors.length === 0) return {}
  const { catalogue, cut } = circumstances
  const floors = floorsOf(config.exposure, { recorded, asOf: cut, catalogue })
  const release = releaseInMemory(candidate.model, catalogue, floors)
  return { floors: floorsReport(release, floors, packs.on, judged, circumstances, measures) }
}

/** Median and 99th percentile (the nearest rank) of what the decisions took. */
function decideMsOf(slates: readonly Slate[]): Pick<EvaluationReport, 'decideMs'> {
  const ms = slates.flatMap((slate) => slate.ms ?? []).sort((a, b) => a - b)
  const rank = (share: number): number => ms[Math.ceil(share * ms.length) - 1] ?? Number.NaN
  return ms.length === 0 ? {} : { decideMs: { median: rank(0.5), p99: rank(0.99), decisions: ms.length } }
}

async function judgedAt(
  { snapshotsAt }: EvaluationOptions,
  cut: Instant,
  catalogue: Catalogue,
  before: Recorded,
  relevant: ReadonlyMap<InvestorId, ReadonlySet<ProductId>>,
  ids: readonly InvestorId[],
): Promise<Judged[]> {
  const known = await snapshotsAt?.(cut, new Set(ids), catalogue)
  const otherwise = snapshotsOf(before, cut)
  return ids.map((id) => judgedOf(known?.get(id) ?? otherwise(id), relevant.get(id) ?? [], catalogue))
}
