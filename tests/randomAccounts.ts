import fc from 'fast-check'
import { foldEvents } from '../features/definitions/behaviour.js'
import { foldDaily } from '../features/definitions/daily.js'
import { foldTrades } from '../features/definitions/holdings.js'
import { type Event } from '../features/schema/event.js'
import { AssetBand, type Finances, IncomeBand, type Investor, KnowledgeLevel } from '../features/schema/investor.js'
import { Objective, ProductKind, ToleranceLevel } from '../features/schema/levels.js'
import { type InvestorAccount, type InvestorRecord } from '../features/schema/records.js'
import { dateOfDayNumber } from '../features/schema/time.js'
import { anyTrade, tradeRecord } from './randomTrades.js'

const instant = fc.integer({ min: -1e13, max: 4e12 })
const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary)

const assessment = fc.record({
  level: fc.constantFrom(...ToleranceLevel.options),
  assessedAt: orNull(instant),
  questionnaireVersion: fc.string({ minLength: 1, maxLength: 64 }),
  basis: fc.constantFrom('questionnaire' as const, 'predicted' as const),
  lacksFullCapacity: fc.boolean(),
  acceptsNoLoss: fc.boolean(),
})

const finances = fc.record({
  financialAssets: orNull(fc.record({ minor: fc.maxSafeInteger(), currency: fc.constantFrom('CNY', 'USD') })),
  yearlyIncome: fc.constant(null),
  taxStatus: orNull(fc.constantFrom('taxable' as const, 'non-resident' as const)),
  liquidityNeeds: fc.constant(null),
  otherInvestments: fc.constant(null),
}) satisfies fc.Arbitrary<Finances>

const knowledge = fc.dictionary(fc.constantFrom(...ProductKind.options), fc.constantFrom(...KnowledgeLevel.options), {
  noNullPrototype: true,
})

/** A profile of the id, every field of it drawn. */
export const anyProfile = (id: string): fc.Arbitrary<InvestorRecord> =>
  fc
    .record({
      knownAt: instant,
      investorClass: fc.constantFrom('ordinary' as const, 'professional' as const),
      riskAssessment: orNull(assessment),
      assessments: fc.array(instant, { maxLength: 4 }),
      birthDate: orNull(fc.integer({ min: -30_000, max: 20_000 }).map(dateOfDayNumber)),
      objectives: orNull(fc.uniqueArray(fc.constantFrom(...Objective.options), { maxLength: 5 })),
      horizonMonths: orNull(fc.integer({ min: 0, max: 1_200 })),
      lossCapacityBps: orNull(fc.integer({ min: 0, max: 10_000 })),
      knowledge,
      assetBand: orNull(fc.constantFrom(...AssetBand.options)),
      incomeBand: orNull(fc.constantFrom(...IncomeBand.options)),
      finances: orNull(finances),
      sustainability: orNull(fc.constantFrom('none' as const, 'preferred' as const, 'required' as const)),
      consents: fc.record({ profiling: fc.boolean(), personalisation: fc.boolean() }),
    })
    .map(({ knownAt, ...fields }) => ({ knownAt, value: { id, ...fields } as Investor }))

/** Trades, views and plans by one investor, over days around a year. */
export const anyEvents = (id: string, maxLength = 60): fc.Arbitrary<readonly Event[]> =>
  fc
    .array(fc.record({ trade: anyTrade, day: fc.integer({ min: 19_000, max: 19_500 }) }), { maxLength, size: 'max' })
    .map((drawn) =>
      drawn.map(({ trade, day }, n) => tradeRecord(`e${n}`, id, { ...trade, at: day * 86_400_000 + trade.at }).value),
    )

export const accountFrom = ({ knownAt, value }: InvestorRecord, events: readonly Event[]): InvestorAccount => ({
  profile: value,
  knownAt,
  behaviour: foldEvents(events),
  trades: foldTrades(events),
  daily: foldDaily(events),
})
