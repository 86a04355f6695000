import { mkdir, mkdtemp, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { decodeReference, encodeReference, type FeatureReference } from '../features/quality/reference.js'
import { syncDirectory } from '../storage/replaceFile.js'
import { Curve } from './curves.js'
import { EvaluationReport } from './evaluation/report.js'
import { ModelConfig } from './models/config.js'
import { type Lineage, RunId, runIdOf, RunRecord, sha256, unknownLineage } from './runRecord.js'

export { RunRecord }

export type Run = {
  readonly id: string
  readonly record: RunRecord
  readonly config: ModelConfig
  readonly metrics: Readonly<Record<string, number>>
}

const Metrics = z.record(z.string(), z.number())
const modelFile = 'model.safetensors'
const referenceFile = 'features.json'
const evaluationFile = 'evaluation.json'
const curveFile = 'curve.json'
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/**
 * Writes `runs/RUNID/` {config.json, metrics.json, run.json, model.safetensors, features.json, evaluation.json, curve.json}: aside first, every
 * file synced, then renamed, so that half a run is never seen. Equal inputs give the same id, and the run that stands already is kept.
 * Throws a RangeError for a metric that is not finite: JSON would make null of it, which no reader takes.
 */
export async function writeRun(
  runsDir: string,
  run: {
    readonly model: Uint8Array
    readonly config: ModelConfig
    readonly metrics: Readonly<Record<string, number>>
    readonly record: Omit<Extract<RunRecord, { v: 1 }>, 'v' | 'modelDigest'>
    readonly lineage?: Lineage
    /** How features were distributed in the training set. */
    readonly featureReference?: FeatureReference
    /** Null or absent where too little was held out to judge. */
    readonly evaluation?: EvaluationReport | null
    /** What the fit minimised, where it went by steps. */
    readonly curve?: Curve | null
  },
): Promise<Run> {
  const strange = Object.entries(run.metrics).find(([, value]) => !Number.isFinite(value))
  if (strange !== undefined) throw new RangeError(`metric "${strange[0]}" is ${strange[1]}: want a finite number`)
  const beside: Readonly<Record<string, string | Uint8Array>> = {
    'config.json': json(run.config),
    'metrics.json': json(run.metrics),
    ...(run.featureReference === undefined ? {} : { [referenceFile]: encodeReference(run.featureReference) }),
    ...(run.evaluation ? { [evaluationFile]: json(EvaluationReport.encode(run.evaluation)) } : {}),
    ...(run.curve ? { [curveFile]: json(run.curve) } : {}),
  }
  const record: RunRecord = {
    v: 2,
    ...run.record,
    modelDigest: sha256(run.model),
    lineage: run.lineage ?? unknownLineage,
    files: Object.fromEntries(Object.entries(beside).map(([name, content]) => [name, sha256(content)])),
  }
  const encoded = RunRecord.encode(record)
  const id = runIdOf(run.config, run.metrics, encoded)
  const files = { ...beside, 'run.json': json(encoded), [modelFile]: run.model }
  await mkdir(runsDir, { recursive: true })
  const aside = await mkdtemp(join(runsDir, '.incoming-'))
  try {
    for (const [name, content] of Object.entries(files)) await writeSynced(join(aside, name), content)
    await syncDirectory(aside)
    await rename(aside, join(runsDir, id))
    await syncDirectory(runsDir)
  } catch (error) {
    await rm(aside, { recursive: true, force: true })
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
  return { id, record, config: run.config, metrics: run.metrics }
}

/** Ids of all runs, in code-unit order; none where the directory is absent. */
export async function listRuns(runsDir: string): Promise<string[]> {
  try {
    return (await readdir(runsDir)).filter((name) => RunId.safeParse(name).success).sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

type Stored = {
  readonly model: Uint8Array
  readonly featureReference: FeatureReference | null
  readonly evaluation: EvaluationReport | null
  readonly curve: Curve | null
}

/** Throws an Error where there is no such run, or its files are not as they were written. */
export async function readRun(runsDir: string, id: string): Promise<Run & Stored> {
  if (!RunId.safeParse(id).success || !(await listRuns(runsDir)).includes(id))
    throw new Error(`no run ${id.slice(0, 64)}; "aptus models list" names those that there are`)
  const dir = join(runsDir, id)
  const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(dir, name), 'utf8'))
  const model = new Uint8Array(await readFile(join(dir, modelFile)))
  const raw = await read('run.json')
  const record = RunRecord.parse(raw)
  const asWritten = record.v === 1 ? {} : record.files
  for (const [name, digest] of [[modelFile, record.modelDigest], ...Object.entries(asWritten)] as [string, string][])
    if (sha256(name === modelFile ? model : await readFile(join(dir, name))) !== digest)
      throw new Error(`run ${id}: ${name} is not the file that was written; train again`)
  if (record.v > 1 && runIdOf(await read('config.json'), await read('metrics.json'), raw as object) !== id)
    throw new Error(`run ${id}: run.json is not the file that was written; train again`)
  const config = ModelConfig.parse(await read('config.json'))
  // Runs of before these were kept do not have them.
  const kept = await readdir(dir)
  const reference = kept.includes(referenceFile) ? await readFile(join(dir, referenceFile)) : null
  const featureReference = reference && decodeReference(reference)
  const evaluation = kept.includes(evaluationFile) ? EvaluationReport.parse(await read(evaluationFile)) : null
  const curve = kept.includes(curveFile) ? Curve.parse(await read(curveFile)) : null
  const metrics = Metrics.parse(await read('metrics.json'))
  return { id, record, config, metrics, model, featureReference, evaluation, curve }
}

/** What every run was made of, without its model's bytes; by id. */
export async function runRecords(
  runsDir: string,
): Promise<readonly (Pick<Run, 'id' | 'record' | 'metrics'> & { readonly kind: ModelConfig['kind'] })[]> {
  const read = async (id: string, name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(runsDir, id, name), 'utf8'))
  return Promise.all(
    (await listRuns(runsDir)).map(async (id) => ({
      id,
      kind: ModelConfig.parse(await read(id, 'config.json')).kind,
      record: RunRecord.parse(await read(id, 'run.json')),
      metrics: Metrics.parse(await read(id, 'metrics.json')),
    })),
  )
}

async function writeSynced(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}
