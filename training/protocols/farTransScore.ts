import { coherence, coherenceLift } from '../metrics/coherence.js'
import { ndcg } from '../metrics/ndcg.js'
import { recall } from '../metrics/recall.js'
import { returnOfShown } from '../metrics/roi.js'
import { shareAboveBand } from '../metrics/shareAboveBand.js'
import { type FarTransData, type FarTransSplit } from './farTransFiles.js'

/** A customer at a split's time point. `owned`: his training assets, which are his past and never shown again. */
export type FarTransCustomer = {
  readonly id: string
  readonly band: number | null
  readonly basis: 'questionnaire' | 'predicted' | null
  readonly owned: ReadonlySet<string>
  /** Days for which he has had each of them; empty where that is not known. */
  readonly ages: ReadonlyMap<string, number>
}

/** Eligible assets for one customer, best first, his own left out. */
export type Recommend = (customer: FarTransCustomer) => readonly string[]

/** One customer of one split. null: the metric has no value for him. */
export type CustomerScore = {
  readonly id: string
  readonly band: number | null
  readonly basis: FarTransCustomer['basis']
  readonly ndcg: number
  readonly recall: number
  readonly pc: number | null
  readonly randomPc: number | null
  readonly above: number | null
  readonly roi: number | null
  readonly covered: number
  readonly shown: number
  /** What he bought in the window, and how much of it lies above his band: a filter forbids it, whatever the model. */
  readonly bought: number
  readonly boughtAbove: number
}

/** The customers that a split counts, in code-unit order of their ids. */
export function customersOf(
  split: FarTransSplit,
  { toleranceAt }: Pick<FarTransData, 'toleranceAt'>,
): FarTransCustomer[] {
  const owned = new Map<string, Set<string>>()
  const ages = new Map<string, Map<string, number>>()
  for (const [at, [customer, isin]] of split.train.entries()) {
    if (!split.relevant.has(customer)) continue
    const age = split.ages?.[at]
    if (age !== undefined) ages.set(customer, (ages.get(customer) ?? new Map<string, number>()).set(isin, age))
    const assets = owned.get(customer)
    if (assets === undefined) owned.set(customer, new Set([isin]))
    else assets.add(isin)
  }
  return [...split.relevant.keys()].sort().map((id) => {
    const tolerance = toleranceAt(id, split.timePoint)
    return {
      id,
      band: tolerance?.band ?? null,
      basis: tolerance?.basis ?? null,
      owned: owned.get(id) ?? new Set(),
      ages: ages.get(id) ?? new Map<string, number>(),
    }
  })
}

/** Bands of the assets, and for each customer band the PC of a random list in expectation. */
export type Bands = { readonly bandOf: ReadonlyMap<string, number>; readonly randomPc: readonly (number | null)[] }

/** The expected PC of a random list is the share of the split's eligible assets within one band of the customer's. */
export function bandsOf(split: FarTransSplit, bandOf: ReadonlyMap<string, number>): Bands {
  const eligible = [...split.eligible].map((isin) => bandOf.get(isin) ?? 2)
  return { bandOf, randomPc: [0, 1, 2, 3].map((band) => coherence(eligible, band, eligible.length)) }
}

/** Scores the first k of one slate. Throws a RangeError where it holds what may not be shown: a bug of the recommender. */
export function scoreSlate(
  customer: FarTransCustomer,
  shown: readonly string[],
  split: FarTransSplit,
  { bandOf, randomPc }: Bands,
  k: number,
): CustomerScore {
  for (const isin of shown)
    if (!split.eligible.has(isin) || customer.owned.has(isin))
      throw new RangeError(`split ${split.label}: ${isin} was shown though it is not eligible or already owned`)
  const relevant = split.relevant.get(customer.id) ?? new Set()
  const bands = shown.map((isin) => bandOf.get(isin) ?? 2)
  const { mean, covered } = returnOfShown(shown, split.returns, k)
  const { band } = customer
  return {
    id: customer.id,
    band,
    basis: customer.basis,
    ndcg: ndcg(shown, relevant, k),
    recall: recall(shown, relevant, k),
    pc: band === null ? null : coherence(bands, band, k),
    randomPc: band === null ? null : (randomPc[band] ?? null),
    // Nothing is known to be suitable for a customer without a level: all that he is shown counts as above it.
    above: shareAboveBand(bands, band ?? -1, k),
    roi: mean,
    covered,
    shown: Math.min(k, shown.length),
    bought: relevant.size,
    boughtAbove: [...relevant].filter((isin) => (bandOf.get(isin) ?? 2) > (band ?? -1)).length,
  }
}

export type Summary = {
  /** Customers a split, in the mean. */
  readonly customers: number
  readonly 'ndcg@10': number | null
  readonly 'recall@10': number | null
  readonly 'pc@10': number | null
  readonly randomPc: number | null
  readonly pcLift: number | null
  readonly shareAboveBand: number | null
  readonly 'roi@10': number | null
  /** Share of the shown that have a return. */
  readonly roiCoverage: number | null
  /** Share of what was bought in the window that lies above the customer's band, an unknown one included. */
  readonly forbiddenShare: number | null
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null)

/** Mean over a split's customers, then over the splits that have a value. `rows`: a list a split. */
export function summarise(rows: readonly (readonly CustomerScore[])[]): Summary {
  const over = (value: (score: CustomerScore) => number | null): number | null =>
    mean(known(rows.map((scores) => mean(known(scores.map(value))))))
  const pc = over((score) => score.pc)
  const randomPc = over((score) => (score.pc === null ? null : score.randomPc))
  const forbidden = rows.map((scores) => {
    const sumOf = (value: (score: CustomerScore) => number): number => scores.reduce((sum, one) => sum + value(one), 0)
    return scores.length === 0 ? null : sumOf(({ boughtAbove }) => boughtAbove) / sumOf(({ bought }) => bought)
  })
  return {
    customers: mean(rows.map((scores) => scores.length)) ?? 0,
    'ndcg@10': over((score) => score.ndcg),
    'recall@10': over((score) => score.recall),
    'pc@10': pc,
    randomPc,
    pcLift: pc === null || randomPc === null ? null : coherenceLift(pc, randomPc),
    shareAboveBand: over((score) => score.above),
    'roi@10': over((score) => score.roi),
    roiCoverage: over((score) => (score.shown === 0 ? null : score.covered / score.shown)),
    forbiddenShare: mean(known(forbidden)),
  }
}
