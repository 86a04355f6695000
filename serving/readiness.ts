import { type Release } from '../engine/release.js'
import { type Pack } from '../engine/suitability/pack.js'
import { uncertainRules } from '../engine/suitability/uncertain.js'
import { localDate } from '../features/definitions/calendar.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type Instant, type LocalDate } from '../features/schema/time.js'
import { type NotReady, type Readiness, type ServingPack, type UnavailableReason } from './service.js'

/** What recommendations need beside a rule pack. */
export type Parts = {
  readonly catalogue: Catalogue
  readonly release: Release | null
  /** Why ledger or persons take nothing in; null while they do. */
  readonly ledgerFailure: Error | null
}

/** Why recommendations cannot be served under a pack at an instant: the first reason; null where they can. */
export function lackOf({ catalogue, release, ledgerFailure }: Parts, pack: Pack, at: Instant): NotReady | null {
  const lacks = (reason: UnavailableReason, detail: string): NotReady => ({ ready: false, reason, detail })
  if (catalogue.products.length === 0) return lacks('no-catalogue', 'the catalogue is empty: run "aptus import"')
  // Before the release: what needs none (purchase checks, classes) must not be judged by a pack out of force.
  if (!inForceAt(pack, at))
    return lacks(
      'no-rule-pack',
      `rule pack ${pack.id} is not in force today: name one that is, with APTUS_PACK or APTUS_FIRM_PACKS, or propose one`,
    )
  if (release === null)
    return lacks('no-release', 'no release is active: run "aptus train", then "aptus release build"')
  return ledgerFailure === null ? null : lacks('no-ledger', ledgerFailure.message)
}

/**
 * Whether anybody can be served at an instant. A firm whose own pack is not in force is refused alone: the others are
 * served, and `packs` tells. The first pack is that of all firms that were given none.
 */
export function readinessOf(parts: Parts, packs: readonly [Pack, ...Pack[]], at: Instant): Readiness {
  const [first] = packs
  const lack = lackOf(parts, packs.find((pack) => inForceAt(pack, at)) ?? first, at)
  if (lack !== null) return lack
  const { catalogue, release } = parts
  if (release === null) throw new Error('without a release nothing is ready')
  return {
    ready: true,
    release: release.digest,
    pack: first.digest,
    packs: packs.map((pack) => servingPack(pack, at)),
    catalogueRevision: catalogue.revision,
  }
}

const inForceAt = (pack: Pack, at: Instant): boolean => inForceOn(pack, localDate(at, pack.timeZone))

/** By the pack's own dates, on a day of its calendar. */
export const inForceOn = ({ effectiveFrom, effectiveTo }: Pack, today: LocalDate): boolean =>
  effectiveFrom <= today && (effectiveTo === null || today < effectiveTo)

/** What anybody may know of a pack that serves: not whose it is. */
export const servingPack = (pack: Pack, at: Instant): ServingPack => ({
  id: pack.id,
  version: pack.version,
  digest: pack.digest,
  inForce: inForceAt(pack, at),
  uncertain: uncertainRules(pack),
})
