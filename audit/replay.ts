import { z } from 'zod'
import { decide } from '../engine/decide.js'
import { type Decision, scenes } from '../engine/decision.js'
import { type Release } from '../engine/release.js'
import { type Pack } from '../engine/suitability/pack.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { ProductId } from '../features/schema/ids.js'
import { decodeCanonical } from './canonical.js'
import { type DecisionEntry, encodeEntry, entryOf, statementsOf, verdictOf } from './entry.js'
import { type DecisionInputs, type Parts, partsOf, sealedOf } from './inputs.js'
import { type OpenedParts } from './recordedBytes.js'
import { commitTo } from './sealing.js'

/** With what a decision was made, by the digests that its entry names. */
export type Materials = { readonly release: Release; readonly catalogue: Catalogue; readonly pack: Pack }

/** One value that is not as recorded. `personal`: it lies sealed under the person's key, and is for the risk officer. */
export type Difference = {
  /** `entry`, or a sealed part of it, and the way to the value within: `outcome.slate[2].productId`. */
  readonly path: string
  readonly personal: boolean
  readonly recorded: unknown
  readonly replayed: unknown
}

/** Whether the search, made again, nominated the same; `as-recorded`: HNSW, which only a strict replay repeats. */
export type SearchReplayed = 'same' | 'differs' | 'as-recorded'

/**
 * What deciding again came to. `same`: every byte of the entry and of what it sealed. `unavailable`: something is
 * missing or damaged, so that nothing was compared.
 */
export type Replayed =
  | { readonly result: 'same'; readonly search: SearchReplayed }
  | {
      readonly result: 'differs'
      readonly search: SearchReplayed
      /** The first ones, and how many there are. */
      readonly differences: readonly Difference[]
      readonly count: number
    }
  | { readonly result: 'erased' }
  | { readonly result: 'unavailable'; readonly missing: Missing; readonly detail: string }
export type Missing = 'release' | 'catalogue' | 'pack' | 'inputs'

/** How many differences of the entry, and of each sealed part, are told. */
const differencesTold = 10

const RecordedContext = z.strictObject({
  mode: z.enum(['live', 'historical', 'evaluation']),
  scene: z.enum(scenes),
  size: z.int().min(1),
  exclude: z.array(ProductId),
})

type Opened = Exclude<OpenedParts, 'erased' | { readonly lost: string }>

/**
 * Decides a recorded decision again, through the same function, and compares byte for byte: the entry, written anew
 * with commitments under the person's key, and each part that it sealed. What HNSW nominated is an input, as recorded;
 * every other search is repeated. `strict` repeats that of HNSW too and tells whether it differs, which is no failure:
 * its graphs need not walk alike on all machines. That the entry itself is the one that was recorded is for the tree to
 * say: a replay takes instant and seed from it.
 */
export function replay(
  { entry, bytes, opened }: { readonly entry: DecisionEntry; readonly bytes: Uint8Array; readonly opened: Opened },
  materials: Materials,
  { strict }: { readonly strict: boolean },
): Replayed {
  const sealed = sealedOf(opened.parts)
  const context = RecordedContext.safeParse(sealed.inputs.context)
  if (!context.success)
    return { result: 'unavailable', missing: 'inputs', detail: 'the request is not of a form that this version reads' }
  const { investor } = sealed.inputs
  const { release, catalogue, pack } = materials
  const again = (recorded: readonly number[] | null): Decision =>
    decide(release, catalogue, pack, investor, context.data, entry.at, entry.seed, recorded).decision
  const { nominated } = sealed.verdict
  let decision: Decision
  try {
    decision = again(nominated)
  } catch (error) {
    return failed(entry, error)
  }
  const isAgain = (): boolean => again(null).nominated.join() === nominated.join()
  const search = decision.retrieval !== 'hnsw' ? 'same' : !strict ? 'as-recorded' : isAgain() ? 'same' : 'differs'
  const written = recordedAs(decision, sealed.inputs, entry, opened.key)
  const { differences, count } = differencesOf({ entry: bytes, ...opened.parts }, written)
  return count === 0 ? { result: 'same', search } : { result: 'differs', search, differences, count }
}

/** The bytes of a decision's entry and of its sealed parts, in the place of those recorded. */
function recordedAs(decision: Decision, inputs: DecisionInputs, entry: DecisionEntry, key: Uint8Array): Parts {
  const { v, decisionId, firmId, pseudonym } = entry
  const parts = partsOf({ v: 1, inputs, verdict: verdictOf(decision, v), statements: statementsOf(decision, v) })
  const commitment = (name: keyof typeof parts) => commitTo(key, name, decisionId, parts[name])
  const commitments = {
    inputsCommitment: commitment('inputs'),
    verdictCommitment: commitment('verdict'),
    statementsCommitment: commitment('statements'),
  }
  return { ...parts, entry: encodeEntry(entryOf(decision, { decisionId, firmId, pseudonym, ...commitments }, v)) }
}

/** What was decided once, and cannot be decided any more, is no decision made again. */
function failed({ outcome }: DecisionEntry, error: unknown): Replayed {
  const replayed = `deciding again failed: ${error instanceof Error ? error.message : String(error)}`
  const difference = { path: 'entry.outcome', personal: true, recorded: outcome, replayed }
  return { result: 'differs', search: 'as-recorded', differences: [difference], count: 1 }
}

/** Of encodings by name: what is not byte for byte the same, value by value. */
export function differencesOf(
  recorded: Parts,
  replayed: Parts,
): { readonly differences: readonly Difference[]; readonly count: number } {
  const names = [...new Set([...Object.keys(recorded), ...Object.keys(replayed)])]
  const found = names.map((name) => differencesIn(name, recorded[name], replayed[name]))
  return {
    differences: found.flatMap((ofPart) => ofPart.slice(0, differencesTold)),
    count: found.reduce((sum, { length }) => sum + length, 0),
  }
}

function differencesIn(name: string, before?: Uint8Array, after?: Uint8Array): readonly Difference[] {
  if (before !== undefined && after !== undefined && Buffer.compare(before, after) === 0) return []
  const found = between(decodedOf(before), decodedOf(after), name)
  // Equal values have equal encodings, so there is one; but other bytes are never passed over.
  const told = found.length > 0 ? found : [{ path: name, recorded: 'other bytes', replayed: 'other bytes' }]
  return told.map((difference) => ({ ...difference, personal: name !== 'entry' }))
}

const decodedOf = (bytes?: Uint8Array): unknown => (bytes === undefined ? undefined : decodeCanonical(bytes))

const isTree = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !(value instanceof Uint8Array)

function between(recorded: unknown, replayed: unknown, path: string): Omit<Difference, 'personal'>[] {
  if (!isTree(recorded) || !isTree(replayed) || Array.isArray(recorded) !== Array.isArray(replayed))
    return Object.is(recorded, replayed) ? [] : [{ path, recorded: recorded ?? null, replayed: replayed ?? null }]
  const [before, after] = [new Map(Object.entries(recorded)), new Map(Object.entries(replayed))]
  const step = (key: string): string => (Array.isArray(recorded) ? `${path}[${key}]` : `${path}.${key}`)
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) =>
    between(before.get(key), after.get(key), step(key)),
  )
}
