import { readFileSync } from 'node:fs'
import { type Context, decide } from '../engine/decide.js'
import { type Decision } from '../engine/decision.js'
import { withHnsw } from '../engine/release.js'
import { buildHnsw, defaultGraph, loadHnswlib } from '../engine/retrieval/hnsw.js'
import { readPack } from '../engine/suitability/readPack.js'
import { DecisionId, FirmId } from '../features/schema/ids.js'
import { randomDecision, randomDecisions } from '../tests/randomDecisions.js'
import { catalogueOf, randomModel, releaseOf } from '../tests/randomRelease.js'
import { encodeEntry, entryOf, Pseudonym, statementsOf, verdictOf } from './entry.js'
import { partsOf } from './inputs.js'
import { replay } from './replay.js'
import { commitTo } from './sealing.js'

const loaded = await loadHnswlib()
if ('missing' in loaded) {
  if (process.env['CI_NO_SKIP'] === '1') throw new Error(`${loaded.missing}, and CI_NO_SKIP=1 forbids to skip`)
  console.warn(`skipped: audit/replayHnsw.test.ts, ${loaded.missing}`)
}

const { at } = randomDecisions
const catalogue = catalogueOf(randomDecisions.catalogue.products.filter(({ rating }) => rating !== null))
const pack = readPack(readFileSync('packs/eval-open.yaml'), 'eval-open.yaml')
const planned = releaseOf(randomModel(catalogue.products, 8, 2), catalogue, {
  exactUpTo: 0,
  maxBlockedBps: 10_000,
  k: 20,
  ef: 20,
})
const release =
  'missing' in loaded ? planned : withHnsw(planned, buildHnsw(loaded.library, planned.vectors, defaultGraph))
const context: Context = { mode: 'evaluation', scene: 'home', size: 5, exclude: [] }
const { investor } = randomDecision(1)
const key = new Uint8Array(32).fill(3)

const decided = (nominated: readonly number[] | null = null): Decision =>
  decide(release, catalogue, pack, investor, context, at, 1, nominated).decision

/** As the record writes it. */
function recorded(decision: Decision): Parameters<typeof replay>[0] {
  const [decisionId, pseudonym] = [DecisionId.parse('d-1'), Pseudonym.parse('2'.repeat(32))]
  const inputs = { investor, context: { ...context } }
  const parts = partsOf({ v: 1, inputs, verdict: verdictOf(decision), statements: statementsOf(decision) })
  const commitment = (name: keyof typeof parts) => commitTo(key, name, decisionId, parts[name])
  const entry = entryOf(decision, {
    decisionId,
    pseudonym,
    firmId: FirmId.parse('default'),
    inputsCommitment: commitment('inputs'),
    verdictCommitment: commitment('verdict'),
    statementsCommitment: commitment('statements'),
  })
  return { entry, bytes: encodeEntry(entry), opened: { parts, key } }
}
const run = (decision: Decision, strict: boolean) =>
  replay(recorded(decision), { release, catalogue, pack }, { strict })

;('missing' in loaded ? test.skip : test)(
  'what HNSW nominated is taken as recorded; a strict replay searches again, and a difference is told and no failure',
  () => {
    const decision = decided()
    expect(decision.retrieval).toBe('hnsw')
    expect(run(decision, false)).toEqual({ result: 'same', search: 'as-recorded' })
    expect(run(decision, true)).toEqual({ result: 'same', search: 'same' })
    // As a graph that walks otherwise would have nominated.
    const otherwise = decided(decision.nominated.filter((_, place) => place !== 4))
    expect(otherwise.nominated).toHaveLength(19)
    expect(run(otherwise, false)).toEqual({ result: 'same', search: 'as-recorded' })
    expect(run(otherwise, true)).toEqual({ result: 'same', search: 'differs' })
  },
)
