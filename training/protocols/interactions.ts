import { interactionsOfPairs, type Interactions } from '../interactions.js'
import { ndcg } from '../metrics/ndcg.js'
import { recall } from '../metrics/recall.js'
import { type ModelConfig } from '../models/config.js'
import { fitPairs } from '../models/fitPairs.js'
import { type Progress } from '../models/ials.js'
import { type Pairs, readPairs } from './interactionFiles.js'
import { writeRows } from './recommendationsFile.js'
import { type Scorer, scorerOf } from './scorer.js'

export type InteractionsOptions = {
  /** Paths. `negatives`: for each user the candidates to rank beside his test items; without it, all items. */
  readonly train: string
  readonly test: string
  readonly negatives?: string | null
  readonly config: ModelConfig
  /** The cut-off K. */
  readonly at: number
  readonly seed: number
  /** RECS.csv: `user,rank,item`. */
  readonly out?: string | null
  /** Milliseconds of a clock that only goes forward: time is an argument. */
  readonly clock: () => number
  readonly onProgress?: Progress
}

export type InteractionsReport = {
  readonly model: string
  readonly config: ModelConfig
  readonly metrics: Readonly<Record<string, number>>
  readonly users: number
  readonly items: number
  readonly pairs: number
  readonly seconds: { readonly train: number; readonly recommend: number }
  readonly peakRssMb: number
}

const rowsAtOnce = 10_000

/**
 * Trains on any implicit-feedback data and scores it: what a user took in training is masked, the mean goes over the
 * users with a test item. Test items that training never saw stay relevant, and cannot be hit in a full ranking; among
 * given candidates they come last. Throws an Error that names file, line and column where an input is at fault.
 */
export async function evaluateInteractions(options: InteractionsOptions): Promise<InteractionsReport> {
  const { config, at, seed, clock } = options
  if (!Number.isSafeInteger(at) || at < 1) throw new Error(`cut-off ${at}: want a whole number from 1`)
  const known = interactionsOfPairs(await readPairs(options.train))
  const relevant = grouped(await readPairs(options.test))
  const candidates = options.negatives == null ? null : grouped(await readPairs(options.negatives))
  const start = clock()
  const model = await fitPairs(known.interactions, config, seed, { progress: options.onProgress })
  const trained = clock()
  const shown = shownTo(scorerOf(model, known.interactions), known, relevant, candidates, at)
  const sums = { recall: 0, ndcg: 0 }
  await writeRows(options.out ?? null, ['user', 'rank', 'item'], async (append) => {
    let rows: (string | number)[][] = []
    for (const { user, of, items } of shown) {
      sums.recall += recall(items, of, at)
      sums.ndcg += ndcg(items, of, at)
      items.forEach((item, index) => rows.push([user, index + 1, item]))
      if (rows.length < rowsAtOnce) continue
      await append(rows)
      rows = []
    }
    await append(rows)
  })
  const recommended = clock()
  return {
    model: config.kind,
    config,
    metrics: { [`recall@${at}`]: sums.recall / relevant.size, [`ndcg@${at}`]: sums.ndcg / relevant.size },
    users: relevant.size,
    items: known.interactions.itemIds.length,
    pairs: known.interactions.items.length,
    seconds: { train: (trained - start) / 1000, recommend: (recommended - trained) / 1000 },
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  }
}

type Shown = { readonly user: string; readonly of: ReadonlySet<string>; readonly items: readonly string[] }

/** What each user of the test is shown, best first, beside what was relevant to him. */
function* shownTo(
  scorer: Scorer,
  known: {
    readonly interactions: Interactions
    readonly userIds: readonly string[]
    readonly itemOf: Map<string, number>
  },
  relevant: ReadonlyMap<string, ReadonlySet<string>>,
  candidates: ReadonlyMap<string, ReadonlySet<string>> | null,
  at: number,
): Generator<Shown> {
  const rowOf = new Map(known.userIds.map((id, row) => [id, row]))
  const users = Array.from(relevant, ([user, of]) => ({ user, of, row: rowOf.get(user) ?? -1 }))
  if (candidates === null) {
    const { itemIds } = known.interactions
    for (const {
      user: { user, of },
      items,
    } of scorer.tops(users, at))
      yield { user, of, items: items.map((item) => itemIds[item] ?? '') }
    return
  }
  for (const { user, of, row } of users) {
    const ids = [...new Set([...of, ...(candidates.get(user) ?? [])])].sort()
    const scores = new Map(
      ids.map((id) => {
        const item = known.itemOf.get(id)
        return [id, item === undefined ? -Infinity : scorer.score(row, item)]
      }),
    )
    const items = ids.sort((a, b) => compareScores(scores.get(b), scores.get(a))).slice(0, at)
    yield { user, of, items }
  }
}

/** Equal infinities compare equal; the sort is stable, so that ties stay by id. */
const compareScores = (a = -Infinity, b = -Infinity): number => (a === b ? 0 : a - b)

function grouped(pairs: Pairs): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>()
  for (const [user, item] of pairs) {
    const group = groups.get(user)
    if (group === undefined) groups.set(user, new Set([item]))
    else group.add(item)
  }
  return groups
}
