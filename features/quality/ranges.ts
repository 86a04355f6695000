/** From the least to the most, both allowed. */
export type Bound = readonly [least: number, most: number]

/**
 * What a field can be beyond its type. `possible`: outside of it the value cannot be true, and the record is refused;
 * `usual`: outside of it the value is odd, and is taken in and counted. `measure` is what both count in: `value` the
 * number as it stands, instants in ms UTC; `ageDays` the days from a day or an instant to when the record became known.
 */
export type RangeRule = {
  /** Where it stands in the record; of a list each member. */
  readonly path: readonly string[]
  readonly measure: 'value' | 'ageDays'
  readonly possible: Bound
  readonly usual: Bound | null
  /** What is wanted where it cannot be true. */
  readonly want: string
  readonly reason: string
}

export const rangeSubjects = ['investor', 'event', 'product'] as const
export type RangeSubject = (typeof rangeSubjects)[number]

const years = (count: number): number => count * 365.25
const unbounded = Number.POSITIVE_INFINITY

/** Callers' clocks may run 5 minutes ahead. */
const aheadByClock = -5 / 1440
/** A calendar day begins up to 14 hours earlier than in UTC. */
const aheadByZone = -1

/** 10 trillion of a currency with two decimals: six times the largest money market fund there was (2018). */
const mostMinor = 1e15
/** 1990-01-01T00:00:00Z, ms: nothing that is told to us happened before. */
export const earliestInstant = Date.UTC(1990, 0, 1)
const sinceStart: Bound = [earliestInstant, unbounded]

const wantAmount = 'an amount from 0 to 1000000000000000 minor units'
const wantSince = 'an instant from 1990-01-01T00:00:00Z on'
const wantPast = 'an instant not ahead of the clock of this server'

const rule = (path: string, others: Omit<RangeRule, 'path' | 'measure'>): RangeRule => ({
  path: path.split('.'),
  measure: 'value',
  ...others,
})
const age = (path: string, others: Omit<RangeRule, 'path' | 'measure'>): RangeRule => ({
  ...rule(path, others),
  measure: 'ageDays',
})

const pastInstant = (path: string, reason: string): readonly RangeRule[] => [
  rule(path, { possible: sinceStart, usual: null, want: wantSince, reason: 'no record of ours is older' }),
  age(path, { possible: [aheadByClock, unbounded], usual: null, want: wantPast, reason }),
]

const navReturn = (path: string): RangeRule =>
  rule(path, {
    possible: [-10_000, 1_000_000],
    usual: [-9_000, 30_000],
    want: '-10000 to 1000000 basis points',
    reason: 'a unit cannot lose more than all; a return above 300 % is a unit that was merged or split',
  })

const volatility = (path: string): RangeRule =>
  rule(path, {
    possible: [0, 100_000],
    usual: [0, 15_000],
    want: '0 to 100000 basis points',
    reason: 'above 150 % a year a step of the NAV is no return; above 1000 % nothing is priced',
  })

const fee = (path: string, usual: number, reason: string): RangeRule =>
  rule(path, { possible: [0, 10_000], usual: [0, usual], want: '0 to 10000 basis points', reason })

/** The one table: read by the HTTP intake and by every importer. */
export const ranges: Readonly<Record<RangeSubject, readonly RangeRule[]>> = {
  investor: [
    age('birthDate', {
      possible: [aheadByZone, years(130)],
      usual: [years(18), years(105)],
      want: 'a day not in the future and at most 130 years ago',
      reason:
        'nobody has lived for 130 years; below 18 and above 105 a century or a field was swapped more often than not',
    }),
    ...pastInstant('riskAssessment.assessedAt', 'an assessment counts from when it was made'),
    ...pastInstant('assessments', 'an assessment counts from when it was made'),
    rule('horizonMonths', {
      possible: [0, 1200],
      usual: [1, 600],
      want: '0 to 1200 months',
      reason: 'a horizon beyond 50 years is days or weeks taken for months',
    }),
    rule('finances.financialAssets.minor', {
      possible: [0, mostMinor],
      usual: [0, 1e12],
      want: wantAmount,
      reason: 'assets are told without debts; above 10 billion a person is told in another unit',
    }),
    rule('finances.yearlyIncome.minor', {
      possible: [-mostMinor, mostMinor],
      usual: [0, 1e11],
      want: 'at most 1000000000000000 minor units either way',
      reason: 'a loss is possible and rare; above a billion a year a person is told in another unit',
    }),
  ],
  event: [
    rule('occurredAt', {
      possible: sinceStart,
      usual: null,
      want: wantSince,
      reason: 'a date before it is a default of the sender, such as 1970-01-01',
    }),
    rule('amount.minor', {
      possible: [0, mostMinor],
      usual: [1, 1e11],
      want: wantAmount,
      reason: 'what was paid or fetched is not negative; above a billion one trade is told in another unit',
    }),
    rule('unitsMicros', {
      possible: [1, Number.MAX_SAFE_INTEGER],
      usual: [1, 1e15],
      want: 'at least one millionth of a unit',
      reason: 'a billion units of one trade are micros taken for units',
    }),
  ],
  product: [
    ...pastInstant('rating.ratedAt', 'a rating counts from when it was given'),
    volatility('rating.volatilityBps'),
    rule('statusAt', { possible: sinceStart, usual: null, want: wantSince, reason: 'no record of ours is older' }),
    age('facts.navDate', {
      possible: [aheadByZone, unbounded],
      usual: [aheadByZone, years(1)],
      want: 'a day not in the future',
      reason: 'a NAV is told after its day; one of more than a year ago is that of a dead series',
    }),
    navReturn('facts.return1mBps'),
    navReturn('facts.return3mBps'),
    navReturn('facts.return6mBps'),
    navReturn('facts.return12mBps'),
    volatility('facts.volatilityBps'),
    fee('fees.purchaseBps', 850, 'FINRA 2341 ends front loads at 8.5 %; above 100 % nothing is left to invest'),
    fee('fees.managementBps', 500, 'above 5 % a year it is a fee of performance; above 100 % nothing is left'),
    fee('fees.custodyBps', 100, 'above 1 % a year it is another fee; above 100 % nothing is left'),
    rule('lockupDays', {
      possible: [0, 36_525],
      usual: [0, 3_653],
      want: '0 to 36525 days',
      reason: 'beyond ten years it is hours or a date taken for days',
    }),
    rule('termMonths', {
      possible: [0, 1200],
      usual: [0, 360],
      want: '0 to 1200 months',
      reason: 'few bonds run for more than 30 years, none of ours for more than 100',
    }),
    rule('targetMarket.minHorizonMonths', {
      possible: [0, 1200],
      usual: [0, 240],
      want: '0 to 1200 months',
      reason: 'a recommended holding period beyond 20 years is days or weeks taken for months',
    }),
    rule('minPurchase.minor', {
      possible: [0, mostMinor],
      usual: [0, 1e9],
      want: wantAmount,
      reason: 'private funds ask for a million or some; above 10 million it is told in another unit',
    }),
    age('inceptionDate', {
      possible: [-years(5), years(250)],
      usual: [-years(1), years(100)],
      want: 'a day at most 5 years ahead and 250 years ago',
      reason: 'the first fund was founded in 1774; one that is on offer begins within a year',
    }),
  ],
}
