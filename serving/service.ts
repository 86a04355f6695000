import { type ModelService } from './models/modelService.js'
import { type Decision, type Scene } from '../engine/decision.js'
import { type Release } from '../engine/release.js'
import { type Messages } from '../engine/suitability/pack.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type Event } from '../features/schema/event.js'
import { type DecisionId, type Digest, type FirmId, type InvestorId, type ProductId } from '../features/schema/ids.js'
import { type Holdings } from '../features/schema/holdings.js'
import { type Investor } from '../features/schema/investor.js'
import { type Product } from '../features/schema/product.js'
import { type InvestorSnapshot } from '../features/schema/records.js'
import { type Instant } from '../features/schema/time.js'
import { type AssessmentService, type RematchService } from './assessmentService.js'
import { type AuditService } from './audit/auditService.js'
import { type Erased } from './erase.js'
import { type EventFault } from './events.js'
import { type Taken } from './investors.js'
import { type PrivacyService } from './privacy/privacyService.js'
import { type RangeDoor } from './rangeDoor.js'
import { type FeatureQuality } from './features/quality.js'
import { type PurchaseService } from './purchaseService.js'
import { type RuleService } from './rules/ruleService.js'

/** An investor as his firm sees him. */
export type KnownInvestor = InvestorSnapshot & { readonly holdings: Holdings }

/** What one installation does for its callers: the HTTP routes and the commands are thin coats over it. */
export type Service = PurchaseService &
  AssessmentService &
  RematchService & {
    /** Whether recommendations can be served, and if not, why: the stage of the set-up, or what is missing. */
    readiness(): Readiness
    /** Reads, decides, records durably, and only then resolves. Rejects with `Unavailable` where one of them cannot. */
    recommend(request: RecommendRequest): Promise<Recommended | UnknownInvestor>
    /** Asked before a profile, an event or a product is handed in. */
    readonly ranges: RangeDoor
    /** Upserts a profile, known from now on. */
    putInvestor(firmId: FirmId, investor: Investor): Promise<void>
    /** What is known of him, and what he holds. */
    investor(firmId: FirmId, id: InvestorId): Promise<KnownInvestor | null>
    /** Takes in all events, durably, or none: `faults` says why. What is known already is not counted again. */
    addEvents(firmId: FirmId, events: readonly Event[]): Promise<Taken | { readonly faults: readonly EventFault[] }>
    /** Erases the person everywhere; the ledger stays provable, and says what had learnt from him. Null: there was none. */
    eraseInvestor(firmId: FirmId, id: InvestorId): Promise<Erased | null>
    /** A new revision of the catalogue; binds every later decision. */
    putProduct(product: Product): Promise<Catalogue>
    catalogue(): Catalogue | null
    readonly privacy: PrivacyService
    /** What an auditor asks of the record. */
    readonly audit: AuditService
    /** Which rules are in force, and how they are changed. */
    readonly rules: RuleService
    /** What decisions read lately against the training set, how fresh the sources are, what was out of range. */
    featureQuality(): Promise<FeatureQuality>
    releases(): Promise<
      readonly { readonly digest: Digest; readonly active: boolean; readonly manifest: Release['manifest'] }[]
    >
    /** Training runs, and which of them serves. */
    readonly models: ModelService
    /** Takes up what other commands released or imported. */
    reload(): Promise<void>
    close(): Promise<void>
  }

export type Readiness =
  | {
      readonly ready: true
      readonly release: Digest
      /** The pack of all firms that were given none of their own. */
      readonly pack: Digest
      readonly packs: readonly ServingPack[]
      readonly catalogueRevision: number
    }
  | NotReady
export type NotReady = { readonly ready: false; readonly reason: UnavailableReason; readonly detail: string }
/** `uncertain`: rules whose text was not read by us, to be confirmed before real use. */
export type ServingPack = {
  readonly id: string
  readonly version: number
  readonly digest: Digest
  readonly inForce: boolean
  readonly uncertain: readonly string[]
}

/** Answered as 503: docs of the API. */
export const unavailableReasons = [
  'no-release',
  'no-rule-pack',
  'no-catalogue',
  'no-ledger',
  'store-unreachable',
  'overloaded',
  'starting',
] as const
export type UnavailableReason = (typeof unavailableReasons)[number]

/** Thrown where nothing may be served now, and nothing was. */
export class Unavailable extends Error {
  constructor(
    readonly reason: UnavailableReason,
    message: string,
  ) {
    super(message)
    this.name = 'Unavailable'
  }
}

export type RecommendRequest = {
  readonly firmId: FirmId
  readonly investorId: InvestorId
  readonly size: number
  readonly scene: Scene
  readonly exclude: readonly ProductId[]
  /** Historical: decided as of then, and marked so. The HTTP route never sets it. */
  readonly asOf?: Instant
}

export type UnknownInvestor = { readonly unknownInvestor: InvestorId }
/** A recorded decision; `products` are those of its slate. */
export type Recommended = {
  readonly decisionId: DecisionId
  readonly decision: Decision
  readonly products: ReadonlyMap<ProductId, Product>
  /** Products of the catalogue that the rules permitted; 0 where the gate refused before any verdict. */
  readonly recommendable: number
  /** Of a refusal: what the rule behind it says that the investor can do; null where it says nothing. */
  readonly remedy: Messages | null
}
