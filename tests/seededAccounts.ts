import { foldEvents } from '../features/definitions/behaviour.js'
import { foldDaily } from '../features/definitions/daily.js'
import { foldTrades, type TradeEvent } from '../features/definitions/holdings.js'
import { type Random, randomFor } from '../features/definitions/random.js'
import { type CompanyId, type ProductId } from '../features/schema/ids.js'
import { AssetBand, IncomeBand, Investor } from '../features/schema/investor.js'
import { Objective, ProductKind, ToleranceLevel } from '../features/schema/levels.js'
import { type Product } from '../features/schema/product.js'
import { type InvestorAccount } from '../features/schema/records.js'
import { dateOfDayNumber, formatInstant, type Instant } from '../features/schema/time.js'
import { product } from './sampleRecords.js'

/** Accounts, products and instants that are the same for ever: what a version of a feature is held by. */
export type Seeded = { readonly account: InvestorAccount; readonly product: Product; readonly at: Instant }

const day = 86_400_000
const draw = ({ uniform }: Random, below: number): number => Math.floor(uniform() * below)
const oneOf = <T>(random: Random, list: readonly T[]): T => list[draw(random, list.length)]!
const maybe = <T>(random: Random, make: () => T): T | null => (random.uniform() < 0.7 ? make() : null)

const productOf = (random: Random): ProductId => `p${draw(random, 30)}` as ProductId

function eventOf(random: Random, at: Instant): TradeEvent {
  const type = oneOf(random, ['view', 'view', 'view', 'purchase', 'redemption', 'recurring-plan'] as const)
  const occurredAt = at - draw(random, 420 * day)
  const amount = maybe(random, () => ({ minor: 1 + draw(random, 1e6), currency: 'CNY' }))
  const action = oneOf(random, ['started', 'stopped'] as const)
  return { type, productId: productOf(random), occurredAt, amount, ...(type === 'recurring-plan' && { action }) }
}

function accountOf(random: Random, at: Instant): InvestorAccount {
  const events = Array.from({ length: draw(random, 60) }, () => eventOf(random, at))
  const knownAt = at - draw(random, 1_200 * day)
  const assessed = formatInstant(knownAt - draw(random, day))
  const profile = Investor.parse({
    id: 'seeded',
    investorClass: oneOf(random, ['ordinary', 'professional']),
    riskAssessment: maybe(random, () => ({
      level: oneOf(random, ToleranceLevel.options),
      assessedAt: assessed,
      questionnaireVersion: 'q',
    })),
    birthDate: maybe(random, () => dateOfDayNumber(draw(random, 13_000))),
    objectives: maybe(random, () => Objective.options.filter(() => random.uniform() < 0.5)),
    horizonMonths: maybe(random, () => draw(random, 120)),
    lossCapacityBps: maybe(random, () => draw(random, 10_000)),
    knowledge: Object.fromEntries([[oneOf(random, ProductKind.options), oneOf(random, ['basic', 'experienced'])]]),
    assetBand: maybe(random, () => oneOf(random, AssetBand.options)),
    incomeBand: maybe(random, () => oneOf(random, IncomeBand.options)),
    finances: maybe(random, () => ({ financialAssets: { minor: draw(random, 1e9), currency: 'CNY' } })),
    consents: { profiling: true, personalisation: true },
  })
  return { profile, knownAt, behaviour: foldEvents(events), trades: foldTrades(events), daily: foldDaily(events) }
}

export const seededAccounts = (count: number): readonly Seeded[] => {
  const random = randomFor(1, 'feature-versions')
  return Array.from({ length: count }, () => {
    const at = 1.7e12 + draw(random, 700 * day)
    return { at, account: accountOf(random, at), product: seededProduct(random) }
  })
}

const seededProduct = (random: Random): Product =>
  product(productOf(random), {
    kind: oneOf(random, ProductKind.options),
    companyId: `c${draw(random, 6)}` as CompanyId,
    rating: maybe<NonNullable<Product['rating']>>(random, () => ({
      level: oneOf(random, ['R1', 'R2', 'R3', 'R4', 'R5'] as const),
      basis: 'volatility',
      ratedAt: 0,
      volatilityBps: maybe(random, () => draw(random, 4_000)),
      volatilitySource: null,
      observations: 0,
    })),
    crossBorder: random.uniform() < 0.5,
    lockupDays: maybe(random, () => draw(random, 900)) ?? 0,
    termMonths: maybe(random, () => draw(random, 60)),
  })

/** Traits that a product has by its number alone. */
export const seededTraits = (id: ProductId) => {
  const n = Number(id.slice(1))
  const groups = ['cash', 'bond', 'mixed', 'fund-of-funds', 'equity', 'alternative'] as const
  return { group: groups[n % 6]!, companyId: `c${n % 4}` as CompanyId, level: n % 6 }
}
