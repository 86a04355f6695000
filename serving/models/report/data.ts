import { type EmbeddingMap, embeddingMap } from '../../../training/embeddingMap.js'
import { type GateResult, gatesOf } from '../../../training/registry/gates.js'
import { releaseInMemory } from '../../../training/holdout.js'
import { type readRun } from '../../../training/run.js'
import { type CompanyId, type ProductId } from '../../../features/schema/ids.js'
import { type ProductKind } from '../../../features/schema/levels.js'
import { type Instant } from '../../../features/schema/time.js'
import { type TrainingHome } from '../../trainingHome.js'
import { candidateOf } from '../candidate.js'
import { type Sample, samplesOf } from './samples.js'

export type StoredRun = Awaited<ReturnType<typeof readRun>>

/** What the page of a run is made of. */
export type RunReport = {
  readonly run: Omit<StoredRun, 'model' | 'featureReference'>
  /** As they stand now, against what serves now. */
  readonly gates: readonly GateResult[]
  /** The model that the gates compare with, in words. */
  readonly against: string
  readonly companies: ReadonlyMap<CompanyId, string>
  readonly kinds: ReadonlyMap<ProductId, ProductKind>
  /** Null: its vectors cannot be drawn. */
  readonly map: EmbeddingMap | null
  readonly samples: readonly Sample[]
  readonly madeAt: Instant
}

const mostPoints = 1000

/** Gathers it. `clock` in ms, for the gate of latency. Rejects with a RangeError where the run's model does not load. */
export async function reportOf(
  home: TrainingHome,
  run: StoredRun,
  at: Instant,
  clock: () => number,
): Promise<RunReport> {
  const catalogue = await home.catalogueLog.head()
  const release = releaseInMemory(run.model, catalogue)
  const candidate = await candidateOf(home, run, at, clock)
  const { model: _model, featureReference: _reference, ...told } = run
  return {
    run: told,
    gates: gatesOf(candidate),
    against: candidate.against?.words ?? 'nothing',
    companies: new Map(catalogue.products.map(({ companyId, companyName }) => [companyId, companyName])),
    kinds: new Map(catalogue.products.map(({ id, kind }) => [id, kind])),
    map: embeddingMap(release.vectors, { most: mostPoints, seed: run.record.seed }),
    samples: await samplesOf(home, release, catalogue, { at, seed: run.record.seed }),
    madeAt: at,
  }
}
