import { type z } from 'zod'
import { type NavSeries, navFactsAt, type Volatility, volatilityAt } from '../../definitions/navFacts.js'
import { derivedRiskLevel } from '../../definitions/riskRating.js'
import { type NavFacts, type Product, type Rating } from '../../schema/product.js'
import { formatInstant, type Instant } from '../../schema/time.js'
import { type YearlyFacts } from './annualReturns.js'
import { companyOfFund, companyOfManager } from './companies.js'
import { type FundType } from './kinds.js'
import { type ListedFund } from './listed.js'
import { lockupDaysOfName } from './lockup.js'
import { type RankedFund } from './rank.js'
import { assumedTargetMarket } from './targetMarket.js'

/** All that the files say of one fund. */
export type FundSources = {
  readonly code: string
  readonly name: string
  readonly typeText: string
  readonly type: FundType
  readonly daily: NavSeries | null
  readonly jumps: ReadonlySet<number>
  readonly yearly: YearlyFacts | null
  readonly ranked: RankedFund | null
  readonly listed: ListedFund | null
}

type Measured = { readonly volatility: Volatility | null; readonly source: Rating['volatilitySource'] }

function measured({ daily, jumps, yearly }: FundSources): Measured {
  const ofDays = daily === null ? null : volatilityAt(daily, daily.days.length - 1, jumps)
  if (ofDays !== null) return { volatility: ofDays, source: 'daily-nav' }
  const ofYears = yearly?.volatility ?? null
  return { volatility: ofYears, source: ofYears === null ? null : 'annual-returns' }
}

/** The newer of the two NAVs, with the ranking's returns, and volatility and drawdown of the daily series. */
function factsOf({ daily, jumps, ranked }: FundSources): NavFacts | null {
  const own = daily === null ? null : navFactsAt(daily, daily.days.length - 1, jumps)
  if (ranked === null) return own
  if (own !== null && own.navDate > ranked.navDate) return own
  return { ...ranked, volatilityBps: own?.volatilityBps ?? null, maxDrawdownBps: own?.maxDrawdownBps ?? null }
}

/** Declared of listed funds; else a fund with a NAV is assumed open, and one without any assumed suspended. */
function statusOf(listed: ListedFund | null, facts: NavFacts | null): Pick<Product, 'status' | 'statusSource'> {
  if (listed !== null) return { status: listed.status, statusSource: 'declared' }
  return { status: facts === null ? 'suspended' : 'open', statusSource: 'assumed' }
}

/** A fund as input of the `Product` schema; rated and its status told as of `knownAt`. */
export function productInput(sources: FundSources, knownAt: Instant): z.input<typeof Product> {
  const { code, name, typeText, type, yearly, listed } = sources
  const { volatility, source } = measured(sources)
  const { level, basis } = derivedRiskLevel(type.kind, volatility?.volatilityBps ?? null)
  const facts = factsOf(sources)
  const minimum = listed?.minPurchaseMinor ?? null
  return {
    id: code,
    ...(listed === null ? companyOfFund(name) : companyOfManager(listed.management)),
    name: { 'zh-CN': name },
    kind: type.kind,
    kindText: typeText,
    currency: 'CNY',
    crossBorder: type.crossBorder,
    rating: {
      level,
      basis,
      ratedAt: formatInstant(knownAt),
      volatilityBps: volatility?.volatilityBps ?? null,
      volatilitySource: source,
      observations: volatility?.observations ?? 0,
    },
    ...statusOf(listed, facts),
    statusAt: formatInstant(knownAt),
    minPurchase: minimum === null ? null : { minor: minimum, currency: 'CNY' },
    fees: {
      purchaseBps: yearly?.purchaseBps ?? null,
      managementBps: listed?.managementBps ?? null,
      custodyBps: listed?.custodyBps ?? null,
    },
    lockupDays: lockupDaysOfName(name),
    termMonths: listed?.termMonths ?? null,
    targetMarket: assumedTargetMarket(type.kind, level),
    inceptionDate: yearly?.inceptionDate ?? listed?.inceptionDate ?? null,
    facts,
  }
}
