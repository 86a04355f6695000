import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { parse, YAMLParseError } from 'yaml'
import { z } from 'zod'
import { SegmentBy } from '../../engine/model/segments.js'
import { Exposure } from '../exposure/floors.js'
import { ObjectiveWeights } from '../objectives/weights.js'
import { TwoTowerConfig } from './twoTower/config.js'

export { TwoTowerConfig }

/** What the ranking looks at beside the score, and places that are kept in slates; absent: nothing. Serving only. */
const [objectives, exposure] = [ObjectiveWeights.optional(), Exposure.optional()]

/** Days in which a weight falls to a half; without it nothing decays. Needs interactions with dates. */
const halfLife = z.number().positive().max(100_000).optional()

export const PopularityConfig = z.strictObject({
  kind: z.literal('popularity'),
  halfLifeDays: halfLife,
  /** Only what is younger counts; without it everything. Needs interactions with dates. */
  windowDays: z.number().positive().max(100_000).optional(),
  /** That of the investor's own segment; `prior`: investors as whom all together count in each. Serving only. */
  segments: z.strictObject({ by: SegmentBy, prior: z.number().positive().max(1e6).default(50) }).optional(),
  exposure,
})
export type PopularityConfig = z.infer<typeof PopularityConfig>

const itemMatrixFields = {
  halfLifeDays: halfLife,
  /** Score of the most popular product for being it; the others in proportion. */
  popularityWeight: z.number().min(0).max(1000).default(0),
  popularityHalfLifeDays: halfLife,
  /** Weight of a product that was viewed but not purchased; 0 leaves views out. Serving only. */
  viewWeight: z.number().min(0).max(1).default(0),
  objectives,
  exposure,
}
export const ItemMatrixConfig = z.strictObject(itemMatrixFields)
export type ItemMatrixConfig = z.infer<typeof ItemMatrixConfig>

/** The formula stands in ease.ts. */
export const EaseConfig = z
  .strictObject({
    kind: z.literal('ease'),
    /** λ: strength of the L2 regularisation. */
    lambda: z.number().positive().default(500),
    /** Eigenvectors of XᵀX to go by, for more than 10,000 products; without it all of it. */
    rank: z.int().min(1).max(2048).optional(),
    ...itemMatrixFields,
  })
  .refine(({ rank, popularityWeight }) => rank === undefined || popularityWeight === 0, {
    path: ['popularityWeight'],
    message: 'a popularity term stands beside the whole matrix alone; leave out rank, or popularityWeight',
  })
export type EaseConfig = z.infer<typeof EaseConfig>

/** The formula stands in itemKnn.ts. */
export const ItemKnnConfig = z.strictObject({
  kind: z.literal('item-knn'),
  pastExponent: z.number().min(0).max(2).default(0.9),
  productExponent: z.number().min(0).max(2).default(0.1),
  shrink: z.number().min(0).default(20),
  ...itemMatrixFields,
})
export type ItemKnnConfig = z.infer<typeof ItemKnnConfig>

/** Named as in Rendle et al. 2022; the formulas stand in ials.ts. */
export const IalsConfig = z.strictObject({
  kind: z.literal('ials'),
  /** d: numbers in a vector. */
  dimension: z.int().min(1).max(512).default(32),
  /** λ: strength of the L2 regularisation. */
  lambda: z.number().positive().default(0.02),
  /** ν: 0 regularises all alike, 1 in proportion to the frequency. */
  nu: z.number().min(0).max(1).default(1),
  /** α0: weight of an unobserved pair, an observed one being 1. null: 200 / n, within .003 and .3. */
  alpha0: z.number().positive().nullable().default(null),
  iterations: z.int().min(1).max(200).default(16),
  /** Standard deviation of an initial vector's length. */
  initialScale: z.number().positive().default(0.1),
  /** Weight of a product that was viewed but not purchased; 0 leaves views out. Serving only. */
  viewWeight: z.number().min(0).max(1).default(0),
  objectives,
  exposure,
})
export type IalsConfig = z.infer<typeof IalsConfig>

/** A filter over the spectrum of co-occurrence; the formula stands in spectral.ts. The defaults are Gowalla's. */
export const SpectralConfig = z.strictObject({
  kind: z.literal('spectral'),
  /** k: greatest singular values that are known, and bent. */
  dimension: z.int().min(1).max(512).default(256),
  /** c: what a user tells about two items is divided by the size of his past to this power. */
  userExponent: z.number().min(0).max(2).default(0.5),
  /** p: the same for the count of an item of the past. */
  historyExponent: z.number().min(0).max(2).default(0.5),
  /** q: the same for the count of the item that is scored; less favours what is popular. */
  productExponent: z.number().min(0).max(2).default(0.2),
  /** γ: 2 leaves the spectrum as it is, less flattens its head. */
  smoothing: z.number().min(0).max(2).default(1),
  /** α: weight of the ideal low-pass, the greatest eigenvalue being 1. */
  lowPass: z.number().min(0).max(10).default(0.045),
  /** β: weight of the ideal low-pass of GF-CF, which the items' counts weigh. */
  idealWeight: z.number().min(0).max(10).default(0),
  /** T: time of the sharpening that comes last; 0 does none. */
  sharpening: z.number().min(0).max(3).default(0),
  /** Neighbours that are kept of each item; 0 keeps all. */
  neighbours: z.int().min(0).default(400),
  /** Whether the low-rank part also scores items that were never taken together with one of the past. */
  everywhere: z.boolean().default(false),
  /** Of the subspace iteration. */
  iterations: z.int().min(1).max(50).default(3),
  /** Weight of a product that was viewed but not purchased; 0 leaves views out. Serving only. */
  viewWeight: z.number().min(0).max(1).default(0),
  exposure,
})
export type SpectralConfig = z.infer<typeof SpectralConfig>

export const ContentConfig = z.strictObject({
  kind: z.literal('content'),
  /** At most the number of product features; what is above it is cut. */
  dimension: z.int().min(1).max(512).default(32),
  /** Weight of a product that was viewed but not purchased, in the mean of what an investor likes. */
  viewWeight: z.number().min(0).max(1).default(0.3),
  objectives,
  exposure,
})
export type ContentConfig = z.infer<typeof ContentConfig>

/** Item–item models and a ranker over what the first nominates; see ranker/blendPairs.ts and engine/ranking. */
export const BlendConfig = z
  .strictObject({
    kind: z.literal('blend'),
    components: z
      .array(
        z.strictObject({
          model: z.discriminatedUnion('kind', [EaseConfig, ItemKnnConfig]),
          /** Added to a score before its logarithm is taken. */
          floor: z.number().min(1e-9).max(1e9).default(0.01),
        }),
      )
      .refine(
        (parts) => parts.every(({ model }) => model.viewWeight === 0 && model.objectives === undefined),
        'a component of a blend: want viewWeight 0, and objectives beside the components',
      )
      .min(1)
      .max(4)
      .prefault([{ model: { kind: 'item-knn' } }]),
    popularityHalfLives: z.array(z.number().positive()).max(8).default([30, 60, 120, 240]),
    /** Candidates that are learnt from, of those that the first component nominates: about as many as a release's k. */
    depth: z.int().min(10).max(1000).default(100),
    /** Weight of the first component's z-score beside the ranker's. */
    blend: z.number().min(0).max(1000).default(0.3),
    /**
     * Weight of the log odds of being held for half a year (holding/), beside z-scores. 0 fits none: what holds longer is
     * bought a little less (decision 24), and that is a choice of the firm's.
     */
    holdingWeight: z.number().min(0).max(10).default(0),
    /** Strength of the L2 regularisation, of standardised features against a mean loss. */
    l2: z.number().positive().default(0.001),
    windows: z
      .strictObject({
        count: z.int().min(1).max(100).default(8),
        stepDays: z.number().positive().default(26),
        /** Length of a window: about as far ahead as the ranking is meant to look. */
        horizonDays: z.number().positive().default(166),
        /** Lists of candidates below which the first component's order stands. */
        leastLists: z.int().min(1).default(200),
        /** Lists above which every so many-th user of a window teaches, so that time and memory stay within bounds. */
        mostLists: z.int().min(1).default(100_000),
      })
      .prefault({}),
    /** Views are no labels: a blend learns from purchases alone. */
    viewWeight: z.literal(0).default(0),
    objectives,
    exposure,
  })
  .refine(
    ({ holdingWeight, objectives: of }) => holdingWeight === 0 || (of?.holding ?? 0) === 0,
    'holdingWeight and objectives.holding are the same: want one of them',
  )
export type BlendConfig = z.infer<typeof BlendConfig>

/** A model that was made elsewhere: `aptus models import`. It cannot be fitted here. */
export const ImportedConfig = z.strictObject({
  kind: z.literal('imported'),
  /** With what, in words. */
  madeWith: z.string().min(1).max(500),
  parameters: z
    .record(z.string().max(100), z.union([z.number(), z.string().max(500), z.boolean(), z.null()]))
    .default({}),
  /** What serving counts stands in the model's file. */
  viewWeight: z.literal(0).default(0),
  exposure,
})
export type ImportedConfig = z.infer<typeof ImportedConfig>

/** iALS where the interactions suffice for it, else content. Serving only. */
export const AutoConfig = z.strictObject({
  kind: z.literal('auto'),
  /** Pairs of investor and product below which no interaction model is fitted. */
  minPairs: z.int().min(1).default(2000),
  /** Investors with at least two products below which no interaction model is fitted. */
  minInvestors: z.int().min(1).default(200),
  ials: IalsConfig.default(IalsConfig.parse({ kind: 'ials' })),
  content: ContentConfig.default(ContentConfig.parse({ kind: 'content' })),
  /** Of whichever it comes to. */
  objectives,
  exposure,
})
export type AutoConfig = z.infer<typeof AutoConfig>

export const ModelConfig = z.discriminatedUnion('kind', [
  PopularityConfig,
  EaseConfig,
  ItemKnnConfig,
  BlendConfig,
  IalsConfig,
  SpectralConfig,
  ContentConfig,
  TwoTowerConfig,
  ImportedConfig,
  AutoConfig,
])
export type ModelConfig = z.infer<typeof ModelConfig>

/** YAML text to a config. Throws an Error that names the file and every field at fault. */
export function parseModelConfig(text: string, file: string): ModelConfig {
  let document: unknown
  try {
    document = parse(text)
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error
    throw new Error(`${file}: no valid YAML: ${error.message}`, { cause: error })
  }
  const result = ModelConfig.safeParse(document)
  if (result.success) return result.data
  const faults = result.error.issues.map((issue) => `${issue.path.join('.') || 'top level'}: ${issue.message}`)
  throw new Error(`${file}: ${faults.join('; ')}`)
}

/** Throws an Error that names the file, absent or at fault. */
export async function readModelConfig(path: string): Promise<ModelConfig> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`config ${basename(path)}: cannot be read (${error.code ?? error.message})`)
  })
  return parseModelConfig(text, basename(path))
}
