import { type Digest, type FirmId } from '../../features/schema/ids.js'
import { type Instant } from '../../features/schema/time.js'
import { RuleFault } from './ruleFault.js'

/** The key of the pack for all firms that have none of their own; no firm's id has a `*`. */
export const allFirms = '*'

/** From `from` on this pack judges; null: none of the firm's own. `origin`: the proposal that was approved. */
export type Scheduled = {
  readonly from: Instant
  readonly packDigest: Digest | null
  readonly origin: Digest | 'configuration'
}
/** By firm, or `allFirms`: changes in strictly ascending order of `from`. */
export type Schedules = ReadonlyMap<string, readonly Scheduled[]>
export type Change = Scheduled & { readonly firmId: FirmId | null }

const scheduledOf = (schedules: Schedules, firmId: FirmId | null): readonly Scheduled[] =>
  schedules.get(firmId ?? allFirms) ?? []

/** With a change that comes after all of its firm's. Throws `RuleFault` where it does not, or changes nothing. */
export function schedule(schedules: Schedules, { firmId, ...change }: Change): Schedules {
  const before = scheduledOf(schedules, firmId)
  const last = before.at(-1)
  if (last !== undefined && change.from <= last.from) throw new RuleFault('not-last')
  if (change.packDigest === null && (firmId === null || (last?.packDigest ?? null) === null))
    throw new RuleFault('no-pack')
  if (last?.packDigest === change.packDigest) throw new RuleFault('nothing-changes')
  return new Map(schedules).set(firmId ?? allFirms, [...before, change])
}

/** Without the last change of a firm, where that is the one of this origin. */
export function unschedule(schedules: Schedules, firmId: FirmId | null, origin: Digest): Schedules {
  const before = scheduledOf(schedules, firmId)
  if (before.at(-1)?.origin !== origin) throw new RuleFault('not-last')
  return new Map(schedules).set(firmId ?? allFirms, before.slice(0, -1))
}

/** The firm's own change that is in force at an instant; before its first one there is none. */
export const ownAt = (schedules: Schedules, firmId: FirmId, at: Instant): Scheduled | null =>
  scheduledOf(schedules, firmId).findLast(({ from }) => from <= at) ?? null

/** Of all firms; before the first record the first pack that was recorded. Null where nothing ever was. */
export function commonAt(schedules: Schedules, at: Instant): Scheduled | null {
  const all = scheduledOf(schedules, null)
  return all.findLast(({ from }) => from <= at) ?? all[0] ?? null
}

/** The pack that judges a firm's decisions at an instant, or (null) those of firms without one of their own. */
export function packAt(schedules: Schedules, firmId: FirmId | null, at: Instant): Digest | null {
  const own = firmId === null ? null : (ownAt(schedules, firmId, at)?.packDigest ?? null)
  return own ?? commonAt(schedules, at)?.packDigest ?? null
}

/** Every digest that stands in the schedules from an instant on, what is in force then included. */
export function digestsFrom(schedules: Schedules, at: Instant): ReadonlySet<Digest> {
  const digests = new Set<Digest>()
  for (const changes of schedules.values()) {
    const inForce = changes.findLastIndex(({ from }) => from <= at)
    for (const { packDigest } of changes.slice(Math.max(0, inForce))) if (packDigest !== null) digests.add(packDigest)
  }
  return digests
}
