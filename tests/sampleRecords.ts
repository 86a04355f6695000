import { Event } from '../features/schema/event.js'
import { Investor } from '../features/schema/investor.js'
import { Product } from '../features/schema/product.js'
import { type EventRecord, type InvestorRecord } from '../features/schema/records.js'
import { formatInstant, type Instant } from '../features/schema/time.js'

/** Records of invented persons and funds, for the tests of store and history. */
export const investorRecord = (id: string, knownAt: Instant, horizonMonths: number | null = 36): InvestorRecord => ({
  knownAt,
  value: Investor.parse({
    id,
    riskAssessment: { level: 'C3', assessedAt: formatInstant(knownAt), questionnaireVersion: 'q-2026' },
    assessments: [formatInstant(knownAt)],
    birthDate: '1980-02-29',
    objectives: ['growth', 'income'],
    horizonMonths,
    knowledge: { equity: 'experienced', bond: 'basic' },
    assetBand: '80k-300k',
    consents: { profiling: true, personalisation: true },
  }),
})

/** An investor of whom nothing is known but his consents. */
export const bareInvestorRecord = (id: string, knownAt: Instant): InvestorRecord => ({
  knownAt,
  value: Investor.parse({ id, riskAssessment: null, consents: { profiling: false, personalisation: false } }),
})

type Sample = { investorId: string; productId: string; at: Instant; type?: 'purchase' | 'view' | 'redemption' }

/** An event that was known as it happened, at `at`. */
export const eventRecord = (
  eventId: string,
  { investorId, productId, at, type = 'purchase' }: Sample,
): EventRecord => ({
  knownAt: at,
  value: Event.parse({ type, eventId, investorId, productId, occurredAt: formatInstant(at) }),
})

/** That an event was told in error, known as it was told. */
export const cancellation = (eventId: string, investorId: string, at: Instant, cancels: string): EventRecord => ({
  knownAt: at,
  value: Event.parse({ type: 'cancellation', eventId, investorId, occurredAt: formatInstant(at), cancels }),
})

export const product = (id: string, changes: Partial<Product> = {}): Product => ({
  ...Product.parse({
    id,
    companyId: 'sample-funds',
    companyName: '样本基金',
    name: { 'zh-CN': `样本成长混合 ${id}`, en: `Sample Growth ${id}` },
    kind: 'mixed-equity',
    kindText: '混合型-偏股',
    currency: 'CNY',
    rating: { level: 'R4', basis: 'volatility', ratedAt: '2026-05-08T00:00:00Z', volatilityBps: 2215 },
    status: 'open',
    statusAt: '2026-05-08T00:00:00Z',
    fees: {
      purchaseBps: 15,
      redemptionTiers: [
        { heldDaysBelow: 7, feeBps: 150 },
        { heldDaysBelow: null, feeBps: 0 },
      ],
    },
    inceptionDate: '2015-06-30',
    facts: { navDate: '2026-05-08', navMicros: 3_456_000, return12mBps: -450, maxDrawdownBps: 3_300 },
  }),
  ...changes,
})
