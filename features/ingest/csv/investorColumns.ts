import {
  AssetBand,
  IncomeBand,
  KnowledgeLevel,
  LiquidityNeeds,
  OtherInvestments,
  TaxStatus,
} from '../../schema/investor.js'
import { InvestorClass, Objective, ProductKind } from '../../schema/levels.js'
import {
  type Column,
  day,
  instant,
  instants,
  knownAt,
  listOf,
  may,
  must,
  oneOf,
  pairs,
  wholeNumber,
  words,
  yesOrNo,
} from './column.js'

const knowledge = `kinds with ${KnowledgeLevel.options.join(', ')}, such as bond:basic|equity:none; kinds: ${ProductKind.options.join(', ')}`

const minorUnits = wholeNumber('whole minor units (fen, cents)')
const currency = words('a three-letter currency code such as CNY')

const financesColumns: readonly Column[] = [
  may('financial_assets_minor', 'finances.financialAssets.minor', minorUnits),
  may('financial_assets_currency', 'finances.financialAssets.currency', currency),
  may('yearly_income_minor', 'finances.yearlyIncome.minor', minorUnits),
  may('yearly_income_currency', 'finances.yearlyIncome.currency', currency),
  may('tax_status', 'finances.taxStatus', oneOf(TaxStatus.options)),
  may('liquidity_needs', 'finances.liquidityNeeds', oneOf(LiquidityNeeds.options)),
  may('other_investments', 'finances.otherInvestments', oneOf(OtherInvestments.options)),
]

/** investors.csv, after the schema `Investor`; no cell of the risk assessment, or of the finances, filled: there is none. */
export const investorColumns: readonly Column[] = [
  must('id', 'id', words('1 to 128 characters of letters, digits, ".", "_", ":" and "-"')),
  may('investor_class', 'investorClass', oneOf(InvestorClass.options)),
  may('risk_level', 'riskAssessment.level', words('C1 to C5')),
  may('assessed_at', 'riskAssessment.assessedAt', instant),
  may('questionnaire_version', 'riskAssessment.questionnaireVersion', words('1 to 64 characters')),
  may('assessment_basis', 'riskAssessment.basis', oneOf(['questionnaire', 'predicted'])),
  may('lacks_full_capacity', 'riskAssessment.lacksFullCapacity', yesOrNo),
  may('accepts_no_loss', 'riskAssessment.acceptsNoLoss', yesOrNo),
  may('assessments', 'assessments', instants),
  may('birth_date', 'birthDate', day),
  may('objectives', 'objectives', listOf(Objective.options)),
  may('horizon_months', 'horizonMonths', wholeNumber('months, 0 to 1200')),
  may('loss_capacity_bps', 'lossCapacityBps', wholeNumber('basis points, 0 to 10000')),
  may('knowledge', 'knowledge', pairs(knowledge)),
  may('asset_band', 'assetBand', oneOf(AssetBand.options)),
  may('income_band', 'incomeBand', oneOf(IncomeBand.options)),
  ...financesColumns,
  may('sustainability', 'sustainability', oneOf(['none', 'preferred', 'required'])),
  must('consents_profiling', 'consents.profiling', yesOrNo),
  must('consents_personalisation', 'consents.personalisation', yesOrNo),
  knownAt,
]
