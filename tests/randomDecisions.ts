import { readFileSync } from 'node:fs'
import { type Context, decide } from '../engine/decide.js'
import { type Decision } from '../engine/decision.js'
import { readPack } from '../engine/suitability/readPack.js'
import { type InvestorSnapshot } from '../features/schema/records.js'
import { randomInvestor, randomProduct, seeded } from './randomMarket.js'
import { catalogueOf, randomModel, releaseOf } from './randomRelease.js'

const at = Date.parse('2026-05-08T15:00:00Z')
const random = seeded(21)
const pack = readPack(readFileSync('packs/cn-2026.yaml'), 'cn-2026.yaml')
const catalogue = catalogueOf(Array.from({ length: 400 }, (_, index) => randomProduct(random, index, at)))
const release = releaseOf(randomModel(catalogue.products, 8, 2), catalogue)
const context: Context = { mode: 'live', scene: 'home', size: 5, exclude: [] }

/** Real decisions over a small random market: slates and refusals both. */
export function randomDecision(seed: number): { decision: Decision; investor: InvestorSnapshot; context: Context } {
  const profile = randomInvestor(seeded(seed), seed, at)
  const investor = { profile, knownAt: at - 1000, behaviour: { purchased: [], viewed: [] } }
  return { decision: decide(release, catalogue, pack, investor, context, at + seed, seed).decision, investor, context }
}

/** What every one of them was decided under, from `at` on. */
export const randomDecisions = { release, pack, catalogue, at }
