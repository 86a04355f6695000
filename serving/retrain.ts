import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeArtifact } from '../engine/model/artifact.js'
import { readPack } from '../engine/suitability/readPack.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type Interactions } from '../features/history/port.js'
import { type Digest, type InvestorId } from '../features/schema/ids.js'
import { type Investor } from '../features/schema/investor.js'
import { type Instant } from '../features/schema/time.js'
import { profilesById } from '../training/examples.js'
import { defaultEvaluation, type EvaluationConfig } from '../training/evaluation/config.js'
import { type Incumbent } from '../training/evaluation/contenders.js'
import { evaluate, type EvaluationOptions } from '../training/evaluation/evaluate.js'
import { type EvaluationReport } from '../training/evaluation/report.js'
import { figuresOf } from '../training/evaluation/figures.js'
import { floorsOf } from '../training/exposure/floors.js'
import { referenceOfTraining } from '../training/reference.js'
import { type ModelConfig } from '../training/models/config.js'
import { holdingExamplesOf } from '../training/models/holding/examples.js'
import { type HoldingExample } from '../training/models/holding/fit.js'
import { weighsAny } from '../training/objectives/weights.js'
import { listRuns, readRun, type Run, writeRun } from '../training/run.js'
import { chooseModel, type Trained, trainForServing, weighed } from '../training/serving.js'
import { openTensorFlow } from '../training/tensorflow/backend.js'
import { periodStarts, trainTwoTower } from '../training/twoTower.js'
import { packFile } from './configuration.js'
import { DataError, reasonOfData } from './dataError.js'
import { heldUpTo, outcomesOf, snapshotsAt } from './evaluationFacts.js'
import { folders, type Home } from './home.js'
import { lineageFor } from './models/lineage.js'
import { refuseErased, type TrainingHome } from './trainingHome.js'

/** Told while a run goes on: what it is at, and how far. */
export type RunProgress = (task: string, done: number, total: number) => void

/** The stages of a run; of the two fits the first lies within the evaluation. */
export type RunStage = 'rows' | 'evaluate' | 'fit' | 'report' | 'register'

/** One training run over what was known before `asOf`: holdout metrics, then the model on everything, registered. */
export async function trainRun(
  home: TrainingHome,
  options: {
    config: ModelConfig
    seed: number
    asOf: Instant
    clock: () => number
    evaluation?: EvaluationConfig
    onProgress?: RunProgress
    /** Told when a stage begins. */
    onStage?: (stage: RunStage) => void
    /** Another process holds the directory, and may erase somebody meanwhile. */
    beside?: boolean
  },
): Promise<Run> {
  const { config, seed, asOf, clock, onProgress, onStage } = options
  onStage?.('rows')
  const catalogue = await home.catalogueLog.asOf(null, asOf)
  if (catalogue.products.length === 0)
    throw new DataError('nothing to train on: no product was known by then; run "aptus import" first')
  const historySequence = await home.history.sequence()
  const recorded = await home.history.interactions(asOf)
  const from = clock()
  // Chosen once: the figures are those of the kind of model that serves.
  const { config: chosen, because } = chooseModel(config, catalogue, recorded)
  const fit = (task: string, of: ModelConfig, known: Known): Promise<Trained> =>
    fitOn(home, of, known, seed, (done, total) => onProgress?.(task, done, total))
  onStage?.('evaluate')
  const evaluation = await judgedOn(home, {
    ...{ recorded, asOf, config: chosen, seed },
    evaluation: options.evaluation ?? defaultEvaluation,
    fit: async (of, known) => {
      onStage?.('fit')
      const { artifact } = await fit('fit before the holdout', of, known)
      onStage?.('evaluate')
      return artifact
    },
  })
  onStage?.('fit')
  const trained = await fit('fit on everything', chosen, { catalogue, recorded, asOf })
  if (options.beside === true) await refuseErased(home, recorded, asOf)
  onStage?.('report')
  const profiles = home.history.profilesKnown(asOf)
  const featureReference = await referenceOfTraining({ catalogue, recorded, profiles, asOf, seed })
  const lineage = await lineageFor(home, { artifact: trained.artifact, recorded, asOf })
  onStage?.('register')
  return writeRun(join(home.dir, folders.runs), {
    model: encodeArtifact(trained.artifact),
    config: trained.config,
    metrics: { ...figuresOf(evaluation), ...trained.counts },
    evaluation,
    curve: trained.curve,
    featureReference,
    lineage,
    record: { seed, asOf, dataDigest: trained.dataDigest, because, seconds: (clock() - from) / 1000, historySequence },
  })
}

/** `evaluate` over a data directory: profiles, outcomes and the incumbent as it holds them, under its first pack. */
export async function judgedOn(
  home: TrainingHome,
  asked: Pick<EvaluationOptions, 'recorded' | 'asOf' | 'config' | 'seed' | 'evaluation' | 'fit'>,
): Promise<EvaluationReport | null> {
  return evaluate({
    ...asked,
    catalogueAsOf: (at) => home.catalogueLog.asOf(null, at),
    packs: { on: home.packs.all[0], off: readPack(readFileSync(packFile('eval-open')), 'eval-open.yaml') },
    snapshotsAt: (cut, ids, known) => snapshotsAt(home, home.packs.all[0], cut, ids, known),
    outcomes: (cut, ids) => outcomesOf(home, cut, asked.asOf, ids),
    processorMs,
    holdingKnown: (known) => holdingKnown(home, known),
    incumbent: await incumbentOf(home),
  })
}

/** What this process has used of its processors, ms: another's load does not slow it. */
const processorMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

type Known = { readonly catalogue: Catalogue; readonly recorded: Interactions; readonly asOf: Instant }

/**
 * Fits one model. Two-tower, and what weighs objectives, read profiles and the products as they were known at each
 * purchase too.
 */
export async function fitOn(
  home: Pick<TrainingHome, 'history' | 'catalogueLog'>,
  config: ModelConfig,
  known: Known,
  seed: number,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<Trained> {
  const holding = weighsAny(config) ? await holdingKnown(home, known) : []
  if (config.kind !== 'two-tower') {
    const hasSegments = config.kind === 'popularity' && config.segments !== undefined
    const profiles = hasSegments ? await newestProfiles(home, known) : new Map<InvestorId, Investor>()
    return trainForServing({ ...known, config, seed, onProgress, holding, profiles })
  }
  const trained = await trainTwoTower({
    ...{ ...known, config, seed, onProgress, ...(await pastOf(home, known)) },
    backend: await openTensorFlow(),
  })
  return { ...trained, artifact: weighed(trained.artifact, config, { ...known, holding }) }
}

/** What was known last of each investor. */
async function newestProfiles(
  { history }: Pick<TrainingHome, 'history'>,
  { asOf }: Known,
): Promise<ReadonlyMap<InvestorId, Investor>> {
  const all = await profilesById(history.profilesKnown(asOf))
  return new Map([...all].flatMap(([id, revisions]) => revisions.slice(-1).map(({ value }) => [id, value] as const)))
}

/** Profiles and products as they were known over time. */
const pastOf = async (home: Pick<TrainingHome, 'history' | 'catalogueLog'>, { recorded, asOf }: Known) => ({
  profiles: await profilesById(home.history.profilesKnown(asOf)),
  pastCatalogues: await home.catalogueLog.asOfEach(periodStarts(recorded, asOf)),
})

/** How long purchases were held, as known before an instant. */
async function holdingKnown(
  home: Pick<TrainingHome, 'history' | 'catalogueLog'>,
  known: Known,
): Promise<HoldingExample[]> {
  const held = await heldUpTo(home, known.asOf)
  return holdingExamplesOf({ recorded: known.recorded, held, ...(await pastOf(home, known)) })
}

/** The model of the active release; null where none is active, or it was not trained here. */
async function incumbentOf(home: Pick<Home, 'dir' | 'releases'>): Promise<Incumbent | null> {
  const runId = await runOfActive(home)
  if (runId === null || !(await listRuns(join(home.dir, folders.runs))).includes(runId)) return null
  const { config, record, model } = await reasonOfData(readRun(join(home.dir, folders.runs), runId))
  return { runId, config, asOf: record.asOf, model }
}

async function runOfActive({ releases }: Pick<Home, 'releases'>): Promise<string | null> {
  const digest = await releases.active()
  return digest === null ? null : (await releases.open(digest)).manifest.runId
}

/** A release of a run's model over the newest catalogue; it becomes the active one where none is, or where asked. */
export async function releaseRun(
  home: Home,
  runId: string,
  activate: boolean,
): Promise<{ digest: Digest; activated: boolean }> {
  const digest = await buildRelease(home, runId)
  const activated = activate || (await home.releases.active()) === null
  if (activated) await reasonOfData(home.releases.activate(digest))
  return { digest, activated }
}

/** The same, and what is active stays so. */
export async function buildRelease(home: Home, runId: string): Promise<Digest> {
  const { model, featureReference, config, record } = await reasonOfData(readRun(join(home.dir, folders.runs), runId))
  const catalogue = await home.catalogueLog.head()
  const learnt = async () => ({ recorded: await home.history.interactions(record.asOf), asOf: record.asOf, catalogue })
  const floors = config.exposure === undefined ? [] : floorsOf(config.exposure, await learnt())
  return reasonOfData(home.releases.build(model, catalogue, runId, { featureReference, floors }))
}
