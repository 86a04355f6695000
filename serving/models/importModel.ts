import { join } from 'node:path'
import { decodeArtifact } from '../../engine/model/artifact.js'
import { formatFaults } from '../../engine/model/formatFaults.js'
import { loadModel } from '../../engine/model/model.js'
import { type Instant } from '../../features/schema/time.js'
import { defaultEvaluation } from '../../training/evaluation/config.js'
import { figuresOf } from '../../training/evaluation/figures.js'
import { cutOf } from '../../training/holdout.js'
import { type ImportedConfig } from '../../training/models/config.js'
import { type Run, writeRun } from '../../training/run.js'
import { sha256 } from '../../training/runRecord.js'
import { DataError } from '../dataError.js'
import { folders } from '../home.js'
import { fitOn, judgedOn } from '../retrain.js'
import { type TrainingHome } from '../trainingHome.js'
import { lineageFor } from './lineage.js'

export type Importing = {
  readonly model: Uint8Array
  readonly config: ImportedConfig
  readonly seed: number
  /** It learnt from nothing that was known only from here on. */
  readonly asOf: Instant
  readonly now: Instant
  readonly clock: () => number
}

/**
 * Registers a model that was made elsewhere as a run. It is judged where purchases were held out after `asOf`: on others
 * it would know the answers. Rejects with `DataError` that names every fault of the file, or says that no product of the
 * catalogue is in it.
 */
export async function importModel(home: TrainingHome, importing: Importing): Promise<Run> {
  const { model, config, seed, asOf, now, clock } = importing
  const from = clock()
  const faults = formatFaults(model)
  if (faults.length > 0) throw new DataError(`the model cannot be served: ${faults.join('; ')}`)
  const artifact = decodeArtifact(model)
  const { productIds, popularity } = loadModel(model)
  const [catalogue, recorded] = [await home.catalogueLog.head(), await home.history.interactions(now)]
  const known = productIds.filter((id) => catalogue.ordinalOf.has(id)).length
  if (known === 0) throw new DataError('no product of the model is in the catalogue: want its ids in productIds')
  const cut = cutOf(recorded)
  const evaluation =
    cut === null || cut < asOf
      ? null
      : await judgedOn(home, {
          ...{ recorded, asOf: now, config, seed, evaluation: defaultEvaluation },
          fit: async (of, before) =>
            of.kind === 'imported' ? artifact : (await fitOn(home, of, before, seed)).artifact,
        })
  const judged = evaluation === null ? 'not judged: purchases after its as-of were too few' : 'judged as it is'
  return writeRun(join(home.dir, folders.runs), {
    ...{ model, config, evaluation },
    metrics: {
      ...figuresOf(evaluation),
      products: productIds.length,
      knownProducts: known,
      warmProducts: popularity.filter((count) => count > 0).length,
    },
    lineage: await lineageFor(home, { artifact, recorded, asOf: now }),
    record: {
      ...{ seed, asOf, dataDigest: sha256(model), seconds: (clock() - from) / 1000 },
      because: `imported, made with ${config.madeWith}; ${judged}`,
    },
  })
}
