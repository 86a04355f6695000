import { join } from 'node:path'
import { activationsIn, systemEntryId } from '../../audit/activations.js'
import { type Ledger } from '../../audit/ledger.js'
import { newestRecorded } from '../../audit/newestRecorded.js'
import { type Reader } from '../../audit/personActs.js'
import { type Digest } from '../../features/schema/ids.js'
import { type Instant } from '../../features/schema/time.js'
import { failedGates, type GateResult, gatesOf } from '../../training/registry/gates.js'
import { readRun } from '../../training/run.js'
import { DataError, reasonOfData } from '../dataError.js'
import { folders, type Home } from '../home.js'
import { buildRelease } from '../retrain.js'
import { candidateOf } from './candidate.js'
import { incumbentOf } from './incumbent.js'
import { appendPromotion, type Promotion } from './promotions.js'

export type Registry = {
  readonly home: Home
  readonly ledger: Ledger
  readonly now: () => Instant
  /** ms, for the latency. */
  readonly clock: () => number
}

export type Promoting = {
  readonly runId: string
  /** Names of gates that may be shut. */
  readonly override: readonly string[]
  readonly reason: string | null
  readonly by: Reader
}

/** An override named a gate that there is not. */
export class UnknownGate extends DataError {
  constructor(
    gate: string,
    readonly gates: readonly GateResult[],
  ) {
    super(`there is no gate ${gate}: want one of ${gates.map(({ name }) => name).join(', ')}`)
  }
}

/** Gates that are shut and were not overridden; nothing was changed. */
export type Refused = { readonly refused: readonly GateResult[]; readonly gates: readonly GateResult[] }

/**
 * Runs the gates; where all are passed, or those that are shut were named to be overridden, builds the run's release and
 * serves it from now on. The ledger has it before it is active. Rejects with `DataError` for an unknown run, a gate
 * that there is not, and an override without a reason.
 */
export async function promoteRun(registry: Registry, asked: Promoting): Promise<Promotion | Refused> {
  const { home, now, clock } = registry
  const run = await reasonOfData(readRun(join(home.dir, folders.runs), asked.runId))
  const gates = gatesOf(await reasonOfData(candidateOf(home, run, now(), clock)))
  const unknown = asked.override.find((name) => !gates.some((gate) => gate.name === name))
  if (unknown !== undefined) throw new UnknownGate(unknown, gates)
  const shut = failedGates(gates)
  const overridden = shut.map(({ name }) => name).filter((name) => asked.override.includes(name))
  const refused = shut.filter(({ name }) => !overridden.includes(name))
  if (refused.length > 0) return { refused, gates }
  if (overridden.length > 0 && asked.reason === null) throw new DataError('an override is recorded with its --reason')
  const digest = await buildRelease(home, run.id)
  const reason = overridden.length > 0 ? asked.reason : null
  const promotion = { act: 'promote', release: digest, runId: run.id, by: asked.by, reason } as const
  return serve(registry, { ...promotion, gates: [...gates], overridden }, () => home.releases.activate(digest))
}

/** Serves the release before the active one. Rejects with `DataError` where there is none. */
export async function rollBack(
  registry: Registry,
  { by, reason }: Pick<Promoting, 'by' | 'reason'>,
): Promise<Promotion> {
  const { releases } = registry.home
  const release = await reasonOfData(releases.previous())
  if (release === null) throw new DataError('no release was active before this one; "aptus release list" names all')
  const runId = (await releases.list()).find(({ digest }) => digest === release)?.manifest.runId ?? null
  const back = { act: 'rollback', release, runId, by, reason } as const
  return serve(registry, { ...back, gates: [], overridden: [] }, () => releases.rollback())
}

/** Opened before it is entered, entered before it is active, and told in the file of promotions last. */
async function serve(
  { home, ledger, now }: Registry,
  what: Omit<Promotion, 'v' | 'at' | 'previous'>,
  activate: () => Promise<unknown>,
): Promise<Promotion> {
  await reasonOfData(home.releases.open(what.release))
  const previous: Digest | null = (await incumbentOf(home))?.digest ?? null
  const at = Math.max(now(), await newestRecorded(ledger))
  const { gates, overridden, ...named } = what
  const passed = gates.filter((gate) => gate.passed).map(({ name }) => name)
  const entry = { v: 1, entryId: systemEntryId(), at, type: 'promotion', previous, ...named } as const
  await ledger.append({ ...entry, gates: { passed, overridden: [...overridden] } })
  await reasonOfData(activate())
  await activationsIn(ledger).release(what.release, at)
  const promotion: Promotion = { v: 1, at, previous, ...what }
  await appendPromotion(join(home.dir, folders.runs), promotion)
  return promotion
}
