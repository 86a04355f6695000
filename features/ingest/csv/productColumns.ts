import { InvestorClass, Objective, ProductKind, ToleranceLevel } from '../../schema/levels.js'
import { ProductStatus } from '../../schema/product.js'
import {
  type Column,
  day,
  instant,
  knownAt,
  listOf,
  may,
  must,
  oneOf,
  redemptionTiers,
  wholeNumber,
  words,
  yesOrNo,
} from './column.js'

const id = words('1 to 128 characters of letters, digits, ".", "_", ":" and "-"')
const basisPoints = wholeNumber('whole basis points')
const feeBps = wholeNumber('basis points, 0 or more')
const minorUnits = wholeNumber('whole minor units (fen, cents)')

const ratingColumns: readonly Column[] = [
  may('risk_level', 'rating.level', words('R1 to R5')),
  may('rating_basis', 'rating.basis', oneOf(['declared', 'volatility', 'kind', 'band'])),
  may('rated_at', 'rating.ratedAt', instant),
  may('volatility_bps', 'rating.volatilityBps', feeBps),
  may('volatility_source', 'rating.volatilitySource', oneOf(['daily-nav', 'annual-returns', 'period-changes'])),
  may('observations', 'rating.observations', wholeNumber('a count, 0 or more')),
]

const factColumns: readonly Column[] = [
  may('nav_date', 'facts.navDate', day),
  may('nav_micros', 'facts.navMicros', wholeNumber('millionths of the currency unit, 0 or more')),
  may('return_1m_bps', 'facts.return1mBps', basisPoints),
  may('return_3m_bps', 'facts.return3mBps', basisPoints),
  may('return_6m_bps', 'facts.return6mBps', basisPoints),
  may('return_12m_bps', 'facts.return12mBps', basisPoints),
  may('nav_volatility_bps', 'facts.volatilityBps', feeBps),
  may('max_drawdown_bps', 'facts.maxDrawdownBps', wholeNumber('basis points, 0 to 10000')),
]

/** products.csv, after the schema `Product`; no cell of the rating filled: unrated; of the facts: none. */
export const productColumns: readonly Column[] = [
  must('id', 'id', id),
  must('company_id', 'companyId', id),
  must('company_name', 'companyName', words('1 to 200 characters')),
  must('name_zh_cn', 'name.zh-CN', words('1 to 300 characters')),
  may('name_en', 'name.en', words('at most 300 characters')),
  must('kind', 'kind', oneOf(ProductKind.options)),
  may('kind_text', 'kindText', words('at most 100 characters')),
  must('currency', 'currency', words('a three-letter currency code such as CNY')),
  may('cross_border', 'crossBorder', yesOrNo),
  ...ratingColumns,
  may('manager_risk_level', 'managerRiskLevel', words('R1 to R5')),
  may('sri', 'sri', wholeNumber('1 to 7')),
  may('complexity', 'complexity', oneOf(['simple', 'complex'])),
  must('status', 'status', oneOf(ProductStatus.options)),
  may('status_source', 'statusSource', oneOf(['declared', 'assumed', 'simulated'])),
  must('status_at', 'statusAt', instant),
  may('min_purchase_minor', 'minPurchase.minor', minorUnits),
  may('max_daily_purchase_minor', 'maxDailyPurchase.minor', minorUnits),
  may('purchase_bps', 'fees.purchaseBps', feeBps),
  may('management_bps', 'fees.managementBps', feeBps),
  may('custody_bps', 'fees.custodyBps', feeBps),
  may('redemption_tiers', 'fees.redemptionTiers', redemptionTiers),
  may('lockup_days', 'lockupDays', wholeNumber('days, 0 or more')),
  may('term_months', 'termMonths', wholeNumber('months, 0 or more')),
  may('target_objectives', 'targetMarket.objectives', listOf(Objective.options)),
  may('min_horizon_months', 'targetMarket.minHorizonMonths', wholeNumber('months, 0 or more')),
  may('excluded_tolerance_levels', 'negativeTargetMarket.toleranceLevels', listOf(ToleranceLevel.options)),
  may('excluded_investor_classes', 'negativeTargetMarket.investorClasses', listOf(InvestorClass.options)),
  may('sustainable', 'sustainable', yesOrNo),
  may('inception_date', 'inceptionDate', day),
  ...factColumns,
  knownAt,
]
