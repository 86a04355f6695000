import { z } from 'zod'
import {
  AssetBand,
  IncomeBand,
  KnowledgeLevel,
  LiquidityNeeds,
  OtherInvestments,
} from '../../features/schema/investor.js'
import { type Digest } from '../../features/schema/ids.js'
import { Objective, ProductKind, ToleranceLevel } from '../../features/schema/levels.js'
import { Messages } from '../suitability/pack.js'

const Slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'want small letters, digits and "-", such as under-1-year')
/** The version of a questionnaire: what a profile and the ledger name. */
export const QuestionnaireVersion = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/, 'want such as aptus-1')
export type QuestionnaireVersion = z.infer<typeof QuestionnaireVersion>

/** What an option says of the investor, beside its points. */
export const OptionFacts = z.strictObject({
  horizonMonths: z.int().min(0).max(1200).optional(),
  lossCapacityBps: z.int().min(0).max(10_000).optional(),
  assetBand: AssetBand.optional(),
  incomeBand: IncomeBand.optional(),
  liquidityNeeds: LiquidityNeeds.optional(),
  otherInvestments: OtherInvestments.optional(),
  sustainability: z.enum(['none', 'preferred', 'required']).optional(),
  objectives: z.array(Objective).min(1).optional(),
  knowledge: z.partialRecord(ProductKind, KnowledgeLevel).optional(),
  /** He can bear no loss at all: C1-minimum. */
  acceptsNoLoss: z.literal(true).optional(),
})
export type OptionFacts = z.infer<typeof OptionFacts>
/** Facts of which a questionnaire says one value: all but the lists, the knowledge and the flag. */
export const scalarFacts = [
  'horizonMonths',
  'lossCapacityBps',
  'assetBand',
  'incomeBand',
  'liquidityNeeds',
  'otherInvestments',
  'sustainability',
] as const
export type ScalarFact = (typeof scalarFacts)[number]

const Option = z.strictObject({
  id: Slug,
  text: Messages,
  points: z.int().min(0).max(100),
  /** Whoever chooses it is given this level at most, whatever the points. */
  atMost: ToleranceLevel.optional(),
  /** In a question with several answers: it stands alone, such as "none of these". */
  alone: z.literal(true).optional(),
  sets: OptionFacts.default({}),
})
export type Option = z.infer<typeof Option>

export const Question = z.strictObject({
  id: Slug,
  text: Messages,
  /** `many`: several options may be chosen, and the one with most points counts. */
  select: z.enum(['one', 'many']).default('one'),
  /** The points of the chosen option count so many times. */
  weight: z.int().min(0).max(100),
  options: z.array(Option).min(2).max(30),
})
export type Question = z.infer<typeof Question>

const Choice = z.string().regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, 'want QUESTION.OPTION, such as loss.none')
/** Two answers that cannot both be meant. */
export const Contradiction = z.strictObject({
  id: Slug,
  between: z.tuple([Choice, Choice]),
  /** No level is given until it is answered anew; otherwise it is noted. */
  blocking: z.boolean(),
  text: Messages,
})
export type Contradiction = z.infer<typeof Contradiction>

const levelFrom = <Level extends ToleranceLevel>(level: Level) =>
  z.strictObject({ level: z.literal(level), fromPoints: z.int().min(0) })

/** A questionnaire as written in YAML; docs/questionnaire.md explains each field. */
export const QuestionnaireText = z.strictObject({
  version: QuestionnaireVersion,
  title: Messages,
  source: z.string().min(1),
  /** The least points of each level, C1 first. */
  levels: z.tuple([levelFrom('C1'), levelFrom('C2'), levelFrom('C3'), levelFrom('C4'), levelFrom('C5')]),
  questions: z.array(Question).min(1).max(60),
  contradictions: z.array(Contradiction).default([]),
})
export type QuestionnaireText = z.infer<typeof QuestionnaireText>

/** `digest`: SHA-256 of the bytes of its YAML, under which an assessment names it. */
export type Questionnaire = QuestionnaireText & { readonly digest: Digest }

/** The most points that answers can come to. */
export const mostPoints = ({ questions }: Pick<QuestionnaireText, 'questions'>): number =>
  questions.reduce((sum, { weight, options }) => sum + weight * Math.max(...options.map(({ points }) => points)), 0)
