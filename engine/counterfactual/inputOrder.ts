import { type investorInputs } from '../suitability/vocabulary.js'

type Input = keyof typeof investorInputs

/**
 * What each input of the investor is to a comparison: from what he decides or tells, to what is measured of him, to
 * what he cannot change. A change of an earlier input is smaller than any of a later one.
 */
const order: readonly Input[] = [
  'consentProfiling',
  'optedOut',
  'profileStale',
  'assessmentExpired',
  'sustainability',
  'taxStatus',
  'otherInvestments',
  'liquidityNeeds',
  'objectives',
  'horizonMonths',
  'knownKinds',
  'lossCapacityBps',
  'riskLevel',
  'c1Minimum',
  'assetBand',
  'financialAssetsMinor',
  'yearlyIncomeMinor',
  'investorClass',
  'assessmentsToday',
  'assessmentsLast12Months',
  'turnoverBps12Months',
  'costBps12Months',
  'recentlyRedeemed',
  'ageYears',
]

/** An input's place, from 0: each input of the vocabulary has one, which a test holds. */
export const placeOf = (field: string): number => order.findIndex((known) => known === field)

/** Least and largest value of the inputs that have bounds. */
export const boundsOf: Readonly<Record<string, readonly [least: number, largest: number]>> = {
  riskLevel: [1, 5],
  horizonMonths: [0, 1200],
  lossCapacityBps: [0, 10_000],
  ageYears: [0, 150],
}
