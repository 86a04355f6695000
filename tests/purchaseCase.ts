import { readFileSync } from 'node:fs'
import { foldEvents } from '../features/definitions/behaviour.js'
import { foldDaily } from '../features/definitions/daily.js'
import { foldTrades, type TradeEvent } from '../features/definitions/holdings.js'
import { Investor } from '../features/schema/investor.js'
import { type Money } from '../features/schema/money.js'
import { type Product } from '../features/schema/product.js'
import { type RiskLevel, type ToleranceLevel } from '../features/schema/levels.js'
import { type InvestorAccount } from '../features/schema/records.js'
import { formatInstant } from '../features/schema/time.js'
import { checkPurchase, type PurchaseDecision } from '../engine/purchase.js'
import { readPack } from '../engine/suitability/readPack.js'
import { catalogueOf } from './randomRelease.js'
import { product } from './sampleRecords.js'

/** 23:00 in Shanghai. */
export const at = Date.parse('2026-05-08T15:00:00Z')
export const dayMs = 86_400_000
export const pack = readPack(readFileSync('packs/cn-2026.yaml'), 'cn-2026.yaml')

export const cny = (minor: number): Money => ({ minor, currency: 'CNY' })

/** A fund without faults, of a level. */
export const fund = (level: RiskLevel, changes: Partial<Product> = {}): Product => {
  const { rating, ...rest } = product(`fund-${level}`)
  if (rating === null) throw new Error('the sample has a rating')
  return { ...rest, rating: { ...rating, level }, ...changes }
}

export const levels = ['R1', 'R2', 'R3', 'R4', 'R5'] as const
export const catalogue = catalogueOf(levels.map((level) => fund(level)))

/** A fit investor of a level, who traded. */
export function account(
  level: ToleranceLevel,
  changes: Partial<Investor> = {},
  trades: readonly TradeEvent[] = [],
): InvestorAccount {
  const assessedAt = formatInstant(at - dayMs)
  const profile = Investor.parse({
    id: 'i-1',
    riskAssessment: { level, assessedAt, questionnaireVersion: 'q-1' },
    assessments: [assessedAt],
    birthDate: '1980-01-01',
    objectives: ['growth'],
    horizonMonths: 36,
    consents: { profiling: true, personalisation: true },
  })
  return {
    profile: { ...profile, ...changes },
    knownAt: at - 1000,
    behaviour: foldEvents(trades),
    trades: foldTrades(trades),
    daily: foldDaily(trades),
  }
}

/** As `account`, with the lowest tolerance: he accepts no loss. */
export function accountOfLowest(): InvestorAccount {
  const lowest = account('C1')
  const { riskAssessment } = lowest.profile
  if (riskAssessment === null) throw new Error('an account has an assessment')
  return { ...lowest, profile: { ...lowest.profile, riskAssessment: { ...riskAssessment, acceptsNoLoss: true } } }
}

/** A check of a fund of the catalogue; throws where there is nothing to judge. */
export function check(
  who: InvestorAccount,
  level: RiskLevel,
  given: {
    readonly amount?: Money
    readonly at?: number
    readonly pack?: typeof pack
    readonly of?: typeof catalogue
  } = {},
): PurchaseDecision {
  const request = { productId: fund(level).id, amount: given.amount ?? cny(100_000) }
  const decision = checkPurchase(given.of ?? catalogue, given.pack ?? pack, who, request, given.at ?? at)
  if ('fault' in decision) throw new Error(decision.fault)
  return decision
}
