import { z } from 'zod'
import { refusalCodes, scenes } from '../../engine/decision.js'
import { Touched } from '../../features/schema/behaviour.js'
import { Event } from '../../features/schema/event.js'
import { ActivePlan, Lot, Position } from '../../features/schema/holdings.js'
import { DecisionId, Digest, EventId, InvestorId, ProductId } from '../../features/schema/ids.js'
import { Investor } from '../../features/schema/investor.js'
import { RiskLevel } from '../../features/schema/levels.js'
import { Product } from '../../features/schema/product.js'
import { InstantText } from '../../features/schema/time.js'
import { exposureFaults } from '../../audit/exposures.js'
import { DecisionEntry } from '../../audit/entry.js'
import { ReleaseManifest } from '../../engine/release.js'
import { shownProducts } from '../audit/explanations.js'
import { unavailableReasons } from '../service.js'

/** Requests and answers, as JSON has them: validation, OpenAPI and the tests of real answers read these alone. */
const count = z.int().min(0)

export const InvestorPath = z.strictObject({ id: InvestorId })
export const ProductPath = z.strictObject({ id: ProductId })
export const DecisionPath = z.strictObject({ id: DecisionId })
export const DecisionProductPath = z.strictObject({ id: DecisionId, productId: ProductId })

/** A page of the catalogue, in the order in which products first appeared. */
export const ProductsQuery = z.strictObject({
  limit: z.coerce.number<string>().int().min(1).max(1000).default(100),
  after: ProductId.optional(),
})

export const RecommendationRequest = z.strictObject({
  investorId: InvestorId,
  size: z.int().min(1).max(50).default(10),
  scene: z.enum(scenes).default('home'),
  context: z.strictObject({ exclude: z.array(ProductId).max(1000).default([]) }).default({ exclude: [] }),
})

/** What investors did; when it became known is the server's to say. */
export const EventsRequest = z.strictObject({ events: z.array(Event).min(1).max(1000) })
/** `duplicates`: events whose id was known, or came before in the same request; they change nothing. */
export const EventsAnswer = z.strictObject({ accepted: count, duplicates: count })

/** A profile to put: its id stands in the address, and may be repeated. */
export const InvestorRequest = Investor.partial({ id: true })
export const ProductRequest = Product.partial({ id: true })

/** A statement by its code, and in the words of the language asked for. */
export const Statement = z.strictObject({ code: z.string(), text: z.string() })

export const RecommendedItem = z.strictObject({
  productId: ProductId,
  rank: z.int().min(1),
  score: z.number(),
  riskLevel: RiskLevel,
  name: z.string(),
  reasons: z.array(Statement),
  disclosures: z.array(Statement),
})

export const Withheld = z.strictObject({ total: count, byRule: z.record(z.string(), count) })

export const Recommendation = z.strictObject({
  decisionId: DecisionId,
  at: InstantText,
  release: Digest,
  kind: z.enum(['personal', 'non-personal']),
  items: z.array(RecommendedItem).min(1).max(50),
  withheld: Withheld,
})

/** By product id, lots of each the oldest first: first in, first out over his purchases and redemptions. */
export const HoldingsAnswer = z.strictObject({
  positions: z.array(Position.extend({ lots: z.array(Lot.extend({ boughtAt: InstantText })) })),
  plans: z.array(ActivePlan.extend({ since: InstantText })),
})

export const InvestorAnswer = z.strictObject({
  profile: Investor,
  /** From when this profile was known. */
  knownAt: InstantText,
  behaviour: z.strictObject({
    purchased: z.array(Touched.extend({ lastAt: InstantText })),
    viewed: z.array(Touched.extend({ lastAt: InstantText })),
    redeemed: z.array(Touched.extend({ lastAt: InstantText })).optional(),
  }),
  holdings: HoldingsAnswer,
})

export const ProductPut = z.strictObject({ productId: ProductId, catalogueRevision: count })
export const ProductsPage = z.strictObject({
  catalogueRevision: count,
  items: z.array(Product).max(1000),
  /** Give it as `after` for the next page; null: this is the last. */
  next: ProductId.nullable(),
})

/** `entry` is the record as it was hashed, instants in ms UTC; `inputs` are the investor's, or say "erased". */
export const DecisionAnswer = z.strictObject({
  decisionId: DecisionId,
  ledgerIndex: count,
  entry: DecisionEntry,
  verdict: z.union([z.strictObject({ withheld: Withheld, nominated: z.array(count) }), z.literal('erased')]),
  inputs: z.unknown(),
})

/** Of the ledger's tree: sizes in entries, hashes in base64. */
const TreeHead = z.strictObject({ size: count, root: z.base64() })
export const CheckpointAnswer = z.strictObject({
  /** C2SP signed-note: the text that is signed, and the signature. */
  checkpoint: z.string(),
  ...TreeHead.shape,
  vkey: z.string(),
})
const treeSize = z.coerce.number<string>().int().min(0)
/** `to` left out: the present tree. */
export const ConsistencyQuery = z.strictObject({ from: treeSize, to: treeSize.optional() })
export const ConsistencyAnswer = z.strictObject({ from: TreeHead, to: TreeHead, hashes: z.array(z.base64()) })
/** `entry`: its canonical bytes in base64. `proof`: C2SP tlog-proof. */
export const ProofAnswer = z.strictObject({ entry: z.base64(), index: count, proof: z.string() })

/** `strict` repeats the search by HNSW too. */
export const ReplayQuery = z.strictObject({
  strict: z.stringbool({ truthy: ['true'], falsy: ['false'] }).default(false),
})
const SearchReplayed = z.enum(['same', 'differs', 'as-recorded'])
/** Values are those of the record: of any type. `personal`: sealed under the person's key. */
export const ReplayAnswer = z.strictObject({
  decisionId: DecisionId,
  ledgerIndex: count,
  replayed: z.discriminatedUnion('result', [
    z.strictObject({ result: z.literal('same'), search: SearchReplayed }),
    z.strictObject({
      result: z.literal('differs'),
      search: SearchReplayed,
      differences: z.array(
        z.strictObject({ path: z.string(), personal: z.boolean(), recorded: z.unknown(), replayed: z.unknown() }),
      ),
      count,
    }),
    z.strictObject({ result: z.literal('erased') }),
    z.strictObject({
      result: z.literal('unavailable'),
      missing: z.enum(['release', 'catalogue', 'pack', 'inputs']),
      detail: z.string(),
    }),
  ]),
})

export const Finding = z.strictObject({
  ruleId: z.string(),
  code: z.enum(['unmet', 'missing', 'RULE-ERROR']),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  text: z.string(),
  source: z.string(),
  /** What the investor can do about it; null: nothing that the rule knows of. */
  remedy: z.string().nullable(),
})

export const WhyAnswer = z.strictObject({
  decisionId: DecisionId,
  productId: ProductId,
  permitted: z.boolean(),
  rank: z.int().min(1).nullable(),
  nominatedAt: z.int().min(1).nullable(),
  findings: z.array(Finding),
  summary: z.string(),
})

/** `products`: ids separated by commas, whose why or why not is to be told. */
export const ReportQuery = z.strictObject({
  products: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(ProductId).min(1).max(50))
    .optional(),
})

/** By when they were shown: from the first instant on, before the second. */
export const ExposuresQuery = z.strictObject({
  from: InstantText.optional(),
  to: InstantText.optional(),
  limit: z.coerce.number<string>().int().min(1).max(1000).default(100),
})
export const ExposuresAnswer = z.strictObject({
  exposures: count,
  /** Left out: imported or simulated, shown by decisions that this ledger never held. Of all firms. */
  imported: count,
  byFault: z.record(z.enum(exposureFaults), count),
  /** Decisions that were shown and never recorded; of the items listed. */
  unrecorded: z.array(DecisionId),
  items: z.array(
    z.strictObject({
      eventId: EventId,
      decisionId: DecisionId,
      productId: ProductId,
      rank: z.int().min(1),
      occurredAt: InstantText,
      faults: z.array(z.enum(exposureFaults)).min(1),
    }),
  ),
})

/** `show`: those alone; `rule`: those that it withheld; `after`: the `next` of the page before. */
export const DecisionProductsQuery = z.strictObject({
  show: z.enum(shownProducts).optional(),
  rule: z.string().min(1).max(40).optional(),
  after: ProductId.optional(),
  limit: z.coerce.number<string>().int().min(1).max(500).default(50),
})
export const DecisionProductsAnswer = z.strictObject({
  decisionId: DecisionId,
  catalogueRevision: count,
  /** Of the whole catalogue. */
  counts: z.strictObject({ products: count, nominated: count, served: count, withheld: Withheld }),
  /** Whether the verdicts are, bit for bit, those of the decision; null: it was refused before any. */
  verdictsHold: z.boolean().nullable(),
  items: z.array(WhyAnswer),
  /** Give it as `after` for the next page; null: this is the last. */
  next: ProductId.nullable(),
})

const InputValue = z.union([z.number(), z.string(), z.boolean(), z.array(z.union([z.string(), z.number()])), z.null()])
/** `changes`: one where one suffices, else the least two, else none. `product`: rules that no change of his lifts. */
export const CounterfactualAnswer = z.strictObject({
  decisionId: DecisionId,
  productId: ProductId,
  findings: z.array(Finding.pick({ ruleId: true, code: true, params: true })),
  changes: z.array(z.strictObject({ input: z.string(), from: InputValue, to: InputValue })).max(2),
  product: z.array(z.string()),
  summary: z.string(),
})

export const ReleasesAnswer = z.strictObject({
  items: z.array(z.strictObject({ digest: Digest, active: z.boolean(), manifest: ReleaseManifest })),
})

export const Health = z.strictObject({ status: z.literal('ok') })
export const Ready = z.strictObject({
  ready: z.literal(true),
  release: Digest,
  pack: Digest,
  packs: z.array(
    z.strictObject({
      id: z.string(),
      version: count,
      digest: Digest,
      inForce: z.boolean(),
      uncertain: z.array(z.string()),
    }),
  ),
  catalogueRevision: count,
})
export const NotReady = z.strictObject({
  ready: z.literal(false),
  reason: z.enum(unavailableReasons),
  detail: z.string(),
})

/** RFC 9457; `type` is `/problems/NAME`, and the same path leads to its words in /docs. */
const standard = {
  type: z.string().regex(/^\/problems\/[a-z-]+$/),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string(),
}
export const Problem = z.strictObject({
  ...standard,
  scope: z.string().optional(),
  /** Names this occurrence; the server's log has it too. */
  instance: z.string().optional(),
})

/** Where a fault is: in the body a JSON pointer (RFC 6901), elsewhere `/NAME` of the parameter or header. */
export const Fault = z.strictObject({
  in: z.enum(['body', 'path', 'query', 'header']),
  pointer: z.string(),
  message: z.string(),
})
export const InvalidRequest = z.strictObject({ ...standard, errors: z.array(Fault).min(1) })

/** A refusal is recorded like any other decision. */
export const Refusal = z.strictObject({
  ...standard,
  type: z.enum(refusalCodes.map((code) => `/problems/${code}` as const)),
  decisionId: DecisionId,
  at: InstantText,
  ruleId: z.string().nullable(),
  withheld: Withheld,
  /** What the investor can do about it, in the words of the rule; null where the rule says nothing. */
  remedy: z.string().nullable(),
})
/** 409 of a POST that records: a refusal, or an Idempotency-Key that stands for another body. */
export const RefusalOrReusedKey = z.union([Refusal, Problem])
