import { z } from 'zod'
import { Exposure } from '../../exposure/floors.js'
import { ObjectiveWeights } from '../../objectives/weights.js'

/** Named as in this folder; every size and rate of it. Serving only. */
export const TwoTowerConfig = z.strictObject({
  kind: z.literal('two-tower'),
  /** d: numbers in the vectors of products and investors. */
  dimension: z.int().min(2).max(256).default(32),
  /** h: numbers in a product's embedding, of which a bag is the mean. */
  embedding: z.int().min(2).max(256).default(32),
  /** Width of the hidden layer of each tower. */
  hidden: z.int().min(2).max(512).default(64),
  /** τ: a score is cosine / τ before the softmax. */
  temperature: z.number().min(0.01).max(10).default(0.2),
  /** Adam's, at the first step; it falls to 0 in a straight line. */
  learningRate: z.number().positive().max(1).default(0.005),
  epochs: z.int().min(1).max(200).default(5),
  /** At most; less where there are so few examples that an epoch would have fewer than a hundred steps. */
  batch: z.int().min(8).max(8192).default(512),
  /** Negatives drawn uniformly from the catalogue, beside those of the batch. */
  negatives: z.int().min(0).max(8192).default(256),
  /** What is minimised; the formulas stand in twoTower/losses.ts. */
  loss: z.enum(['sampled-softmax', 'bpr', 'ccl']).default('sampled-softmax'),
  /** Of ccl: a negative counts from this cosine on, and all of them together so many times a positive. */
  margin: z.number().min(-1).max(1).default(0.5),
  negativeWeight: z.number().positive().default(50),
  /** 1 corrects in full for the chance that a product stands in the batch, so that all count alike; 0 not at all. */
  correction: z.number().min(0).max(1).default(1),
  /** Share of `negatives` that is not drawn but chosen: the best for an investor of the batch among `hardPool` draws. */
  hardShare: z.number().min(0).max(1).default(0),
  hardPool: z.int().min(2).max(256).default(8),
  /** Weight of the mean squared length of the embeddings in a batch. */
  l2: z.number().min(0).max(10).default(0.001),
  /** Weight of a product that was viewed and not purchased, in the bag. */
  viewWeight: z.number().min(0).max(1).default(0.5),
  /** An age of so many days halves a weight in the bag. */
  recencyDays: z.number().positive().default(180),
  /** Newest products of the past that enter the bag. */
  mostPurchased: z.int().min(0).max(500).default(50),
  mostViewed: z.int().min(0).max(200).default(30),
  /** Newest purchases that are learnt from. */
  mostExamples: z.int().min(1).max(10_000_000).default(200_000),
  objectives: ObjectiveWeights.optional(),
  exposure: Exposure.optional(),
})
export type TwoTowerConfig = z.infer<typeof TwoTowerConfig>
