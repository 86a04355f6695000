import { z } from 'zod'
import { Pseudonym } from '../../audit/commitment.js'
import { entryTypes, outcomes, RuleId } from '../../audit/search/query.js'
import { FirmId, InvestorId, ProductId } from '../../features/schema/ids.js'
import { InstantText } from '../../features/schema/time.js'
import { Withheld } from './schemas.js'

/** Requests and answers of the search over the ledger's entries. */
const count = z.int().min(0)
const whole = (least: number, most: number) => z.coerce.number<string>().int().min(least).max(most)
const period = { from: InstantText.optional(), to: InstantText.optional() }

/** All that is given must hold. `after`: the `next` of the page before. */
export const EntriesQuery = z.strictObject({
  investor: InvestorId.optional(),
  pseudonym: Pseudonym.optional(),
  product: ProductId.optional(),
  rule: RuleId.optional(),
  outcome: z.enum(outcomes).optional(),
  type: z.enum(entryTypes).optional(),
  ...period,
  limit: whole(1, 1000).default(100),
  after: whole(0, Number.MAX_SAFE_INTEGER).optional(),
})

export const PeriodQuery = z.strictObject(period)
export const SampleQuery = z.strictObject({ n: whole(1, 1000), seed: whole(0, 0xffff_ffff), ...period })

/** What was sealed of an entry, as far as it is searched; null where that type of entry has none of it. */
const FoundSealed = z.strictObject({
  productId: ProductId.nullable(),
  verdict: z.string().nullable(),
  withheld: Withheld.nullable(),
  blockedBy: z.array(z.string()),
  warnedBy: z.array(z.string()),
  level: z.string().nullable(),
  investorClass: z.string().nullable(),
  ageBand: z.string().nullable(),
})

export const FoundEntry = z.strictObject({
  ledgerIndex: count,
  entryId: z.string(),
  type: z.enum(entryTypes),
  firmId: FirmId.nullable(),
  pseudonym: Pseudonym.nullable(),
  at: InstantText,
  mode: z.string().nullable(),
  scene: z.string().nullable(),
  outcome: z.string().nullable(),
  refusal: z.string().nullable(),
  refusedBy: z.string().nullable(),
  release: z.string().nullable(),
  packDigest: z.string().nullable(),
  catalogueRevision: count.nullable(),
  products: z.array(ProductId),
  /** `lost`: gone though its person was not erased; null: nothing is sealed. */
  sealed: z.union([FoundSealed, z.enum(['erased', 'lost'])]).nullable(),
})

export const EntriesPage = z.strictObject({
  items: z.array(FoundEntry).max(1000),
  /** Give it as `after` for the next page; null: this is the last. */
  next: count.nullable(),
})

export const SampleAnswer = z.strictObject({
  seed: count,
  population: count,
  checkpoint: z.string(),
  items: z.array(FoundEntry.extend({ entry: z.base64(), proof: z.string() })).max(1000),
})

const counted = <Name extends string>(...names: readonly Name[]) =>
  z.array(z.strictObject({ ...Object.fromEntries(names.map((name) => [name, z.string()])), entries: count }))

export const CoverageAnswer = z.strictObject({
  types: counted('type'),
  scenes: counted('scene'),
  outcomes: counted('outcome'),
  refusals: counted('refusal'),
  rules: counted('effect', 'ruleId'),
  classes: counted('level', 'investorClass', 'ageBand'),
  products: counted('productId'),
  packs: counted('packDigest'),
  erased: count,
  packRules: z.array(
    z.strictObject({
      packDigest: z.string(),
      id: z.string(),
      version: count,
      rules: count,
      never: z.array(z.string()),
    }),
  ),
  neverShown: z.strictObject({ products: count, of: count, ids: z.array(ProductId) }),
  neverClasses: counted('level', 'investorClass', 'ageBand'),
  neverScenes: z.array(z.string()),
  neverRefusals: z.array(z.string()),
})
