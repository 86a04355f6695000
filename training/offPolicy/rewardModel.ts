/** A place of the log as the model of rewards reads it: `cell` names what products, or pairs, are alike. */
export type RewardRow = {
  readonly investorId: string
  /** From 0. */
  readonly rank: number
  readonly cell: string
  readonly reward: number
}

/** What a reward is expected to be for an investor whose own rewards did not enter. */
export type RewardModel = (investorId: string, rank: number, cell: string) => number

/** A cell's rate is drawn towards that of all as if so many rewards (expected ones) had been seen beside its own. */
const prior = 5
const folds = 5

/**
 * Position times appeal (Craswell et al. 2008, WSDM): m = rate(rank) · appeal(cell), where rate is the mean reward of a
 * rank and appeal = (Σ R + 5) / (Σ rate + 5) over the cell. Cross-fitted: investors are cut into 5 folds in the order of
 * their ids, and each is told by what the others did (Chernozhukov et al. 2018), so that no reward predicts itself. A
 * rank that was never seen expects 0. Rewards must be ≥ 0: throws a RangeError otherwise, or without a row.
 */
export function fitRewards(rows: readonly RewardRow[]): RewardModel {
  if (rows.length === 0) throw new RangeError('reward model: there is no row to learn from')
  if (rows.some(({ reward }) => !(reward >= 0))) throw new RangeError('reward model: want rewards from 0')
  const ids = [...new Set(rows.map(({ investorId }) => investorId))].sort()
  const foldOf = new Map(ids.map((id, index) => [id, index % folds]))
  const models = Array.from({ length: folds }, (_, fold) =>
    fitOne(rows.filter(({ investorId }) => foldOf.get(investorId) !== fold)),
  )
  return (investorId, rank, cell) => models[foldOf.get(investorId) ?? 0]?.(rank, cell) ?? 0
}

function fitOne(rows: readonly RewardRow[]): (rank: number, cell: string) => number {
  const ranks = new Map<number, { sum: number; n: number }>()
  for (const { rank, reward } of rows) {
    const { sum, n } = ranks.get(rank) ?? { sum: 0, n: 0 }
    ranks.set(rank, { sum: sum + reward, n: n + 1 })
  }
  const rate = (rank: number): number => {
    const known = ranks.get(rank)
    return known === undefined ? 0 : known.sum / known.n
  }
  const cells = new Map<string, { sum: number; expected: number }>()
  for (const { rank, cell, reward } of rows) {
    const { sum, expected } = cells.get(cell) ?? { sum: 0, expected: 0 }
    cells.set(cell, { sum: sum + reward, expected: expected + rate(rank) })
  }
  return (rank, cell) => {
    const { sum, expected } = cells.get(cell) ?? { sum: 0, expected: 0 }
    return (rate(rank) * (sum + prior)) / (expected + prior)
  }
}
