import { type Release } from '../engine/release.js'
import { type Pack } from '../engine/suitability/pack.js'
import { localDate } from '../features/definitions/calendar.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type Instant } from '../features/schema/time.js'
import { type Readiness, type UnavailableReason } from './service.js'

/** What recommendations need. */
export type Parts = {
  readonly catalogue: Catalogue
  readonly release: Release | null
  readonly pack: Pack
  /** Why ledger or persons take nothing in; null while they do. */
  readonly ledgerFailure: Error | null
}

/** Whether recommendations can be served at an instant, and if not, the first reason. */
export function readinessOf({ catalogue, release, pack, ledgerFailure }: Parts, at: Instant): Readiness {
  const lacks = (reason: UnavailableReason, detail: string): Readiness => ({ ready: false, reason, detail })
  if (catalogue.products.length === 0) return lacks('no-catalogue', 'the catalogue is empty: run "aptus import"')
  if (release === null)
    return lacks('no-release', 'no release is active: run "aptus train", then "aptus release build"')
  const today = localDate(at, pack.timeZone)
  if (today < pack.effectiveFrom || (pack.effectiveTo !== null && today >= pack.effectiveTo))
    return lacks('no-rule-pack', `rule pack ${pack.id} is not in force today: name one that is, with APTUS_PACK`)
  if (ledgerFailure !== null) return lacks('no-ledger', ledgerFailure.message)
  return { ready: true, release: release.digest, pack: pack.digest, catalogueRevision: catalogue.revision }
}
