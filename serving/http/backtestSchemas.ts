import { z } from 'zod'
import { quantileShares } from '../../audit/backtest/backtest.js'
import { ageBands, levels } from '../../audit/backtest/investorGroups.js'
import { refusalCodes } from '../../engine/decision.js'
import { Messages } from '../../engine/suitability/pack.js'
import { DecisionId, Digest, FirmId, ProductId } from '../../features/schema/ids.js'
import { ProductKind, RiskLevel } from '../../features/schema/levels.js'
import { InstantText } from '../../features/schema/time.js'
import { PackParts } from '../rules/ruleDocument.js'

/** Back-tests as JSON has them; what each figure means says audit/backtest/backtest.ts. */
const count = z.int().min(0)
const listOf = <S extends z.ZodType>(each: S) => z.array(each).readonly()

export const BacktestRequest = z.strictObject({
  /** One that was proposed or in force for the firm or for all, or the bytes of any. */
  pack: z.union([z.strictObject({ digest: Digest }), PackParts]),
  from: InstantText.optional(),
  to: InstantText.optional(),
})
export const BacktestPath = z.strictObject({ id: z.string().regex(/^b-[0-9a-f]{32}$/, 'want the id of a back-test') })

const packName = { id: z.string(), version: count, digest: Digest }
const affected = { decisions: count, investors: count }
const Affected = z.strictObject(affected)
const Pairs = z.strictObject({ ...affected, pairs: count })
const Quantiles = z.array(count).max(quantileShares.length).readonly()

const investorGroup = {
  ...affected,
  changed: Affected,
  lost: count,
  gained: count,
  served: z.strictObject({ slates: count, items: count }),
  blocked: z.strictObject({ ...affected, items: count, emptied: count }),
  refused: Affected,
  admitted: Affected,
  nonPersonal: Affected,
  personal: Affected,
  permitted: z.strictObject({ before: Quantiles, after: Quantiles }),
}
const productGroup = { products: count, lost: count, gained: count, items: count }
const Refused = z.strictObject({ refusal: z.enum(refusalCodes), ruleId: z.string().nullable() }).nullable()

export const BacktestFigures = z.strictObject({
  v: z.literal(1),
  firmId: FirmId,
  from: InstantText.nullable(),
  to: InstantText.nullable(),
  ledger: z.strictObject({ entries: count, head: z.string() }),
  candidate: z.strictObject(packName),
  judgedBy: listOf(z.strictObject({ ...packName, decisions: count })),
  decisions: z.strictObject({
    compared: count,
    erased: count,
    leftOut: count,
    unlikeRecord: count,
    withoutActivity: count,
  }),
  firstAt: InstantText.nullable(),
  lastAt: InstantText.nullable(),
  total: z.strictObject(investorGroup),
  levels: listOf(z.strictObject({ ...investorGroup, level: z.enum(levels) })),
  ageBands: listOf(z.strictObject({ ...investorGroup, ageBand: z.enum(ageBands) })),
  rules: listOf(
    z.strictObject({
      ruleId: z.string(),
      lost: Pairs,
      gained: Pairs,
      blocked: z.strictObject({ ...affected, items: count }),
    }),
  ),
  refusals: listOf(z.strictObject({ ...affected, before: Refused, after: Refused })),
  products: listOf(
    z.strictObject({
      productId: ProductId,
      name: z.string(),
      companyName: z.string(),
      kind: ProductKind,
      riskLevel: RiskLevel.nullable(),
      lost: Affected,
      gained: Affected,
      items: count,
    }),
  ),
  companies: listOf(z.strictObject({ ...productGroup, companyId: z.string(), companyName: z.string() })),
  riskLevels: listOf(z.strictObject({ ...productGroup, riskLevel: z.union([RiskLevel, z.literal('none')]) })),
  kinds: listOf(z.strictObject({ ...productGroup, kind: ProductKind })),
  examples: listOf(
    z.strictObject({
      what: z.enum(['blocked', 'lost', 'gained']),
      decisionId: DecisionId,
      at: InstantText,
      level: z.enum(levels),
      productId: ProductId,
      productName: z.string(),
      riskLevel: RiskLevel.nullable(),
      rank: count.nullable(),
      ruleId: z.string(),
      source: z.string(),
      words: Messages,
    }),
  ),
})

export const BacktestAnswer = z.strictObject({
  id: z.string(),
  status: z.enum(['under-way', 'done']),
  candidate: z.strictObject(packName),
  from: InstantText.nullable(),
  to: InstantText.nullable(),
  /** Entries of the ledger looked at, of how many. */
  looked: count,
  entries: count,
  /** Of the page: what an approval of the pack commits to. */
  report: Digest.nullable(),
  figures: BacktestFigures.nullable(),
})
