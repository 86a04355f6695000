import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Digest } from '../features/schema/ids.js'
import { InstantText } from '../features/schema/time.js'

export const RunId = z.string().regex(/^run-[0-9a-f]{16}$/, 'want run- and 16 hexadecimal digits')

/** How far the scores of the exported model lie from the trainer's. */
export const Parity = z.strictObject({
  scores: z.int().min(1),
  /** The largest difference, as a share of the same investor's largest score. */
  largest: z.number().min(0),
})
export type Parity = z.infer<typeof Parity>

/** Under what a run came about. None of it is part of the id: the same model made elsewhere is the same model. */
export const Lineage = z.strictObject({
  /** What the model or its making reads, `name@version`, and the digest over those definitions; null: not told. */
  features: z.strictObject({ ids: z.array(z.string()), digest: Digest }).nullable(),
  software: z.strictObject({ aptus: z.string(), node: z.string() }).nullable(),
  /** Of the source, where it lies in a repository. */
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .nullable(),
  /** On what was fitted: `plain`, or TensorFlow's. */
  backend: z.string().nullable(),
  peakMb: z.number().min(0).nullable(),
  /** The run whose model served when this one was trained. */
  parent: RunId.nullable(),
  parity: Parity.nullable(),
})
export type Lineage = z.infer<typeof Lineage>

export const unknownLineage: Lineage = {
  ...{ features: null, software: null, commit: null, backend: null, peakMb: null, parent: null, parity: null },
}

const facts = {
  seed: z.int(),
  asOf: InstantText,
  dataDigest: z.string(),
  modelDigest: z.string(),
  because: z.string(),
  seconds: z.number().min(0),
  /** The history's when it was read: rows that came later were not learnt from, though known before `asOf`. */
  historySequence: z.int().min(0).optional(),
}

/** `run.json`: what a run was made of. Earlier versions wrote the first; it is read for ever. */
export const RunRecord = z.discriminatedUnion('v', [
  z.strictObject({ v: z.literal(1), ...facts }),
  z.strictObject({
    v: z.literal(2),
    ...facts,
    lineage: Lineage,
    /** SHA-256 of each file beside this one and the model. */
    files: z.record(z.string(), Digest),
  }),
])
export type RunRecord = z.infer<typeof RunRecord>

/** Of a run that an earlier version wrote nothing is known. */
export const lineageOf = (record: RunRecord): Lineage => (record.v === 1 ? unknownLineage : record.lineage)

export const sha256 = (bytes: Uint8Array | string): Digest =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest

const circumstances = { seconds: undefined, historySequence: undefined, lineage: undefined, files: undefined }

/** The id follows from config, metrics, data and model, as they stand in the files: `record` is the JSON of run.json. */
export function runIdOf(config: unknown, metrics: unknown, record: object): string {
  const identity = { config, metrics, ...record, ...circumstances }
  return `run-${sha256(JSON.stringify(identity)).slice('sha256:'.length, 'sha256:'.length + 16)}`
}
