import { type Artifact } from '../../../engine/model/artifact.js'
import { itemFactorsVector, readItemFactors } from '../../../engine/model/itemFactors.js'
import { integerScore } from '../../../engine/model/kernel.js'
import { type Weighted } from '../../../engine/model/foldIn.js'
import { candidateFeatures, type CandidateFacts } from '../../../engine/ranking/candidateFeatures.js'
import { pastFacts } from '../../../engine/ranking/pastFacts.js'
import { bestOf } from '../../../engine/retrieval/candidates.js'
import { type Head, type Term } from '../../../engine/ranking/terms.js'
import { type Interactions, itemsOf, userCount } from '../../interactions.js'
import { blendArtifact, nothingRead } from '../blend.js'
import { type BlendConfig } from '../config.js'
import { fitEase } from '../ease.js'
import { fitItemKnn } from '../itemKnn.js'
import { productColumns } from './columns.js'
import { fitListwise, type Lists } from './listwise.js'
import { endedWindows, type Window } from './windows.js'

/**
 * Item–item models and a ranker over what the first of them nominates. The ranker learns from windows that had ended by
 * the time of the fit: the models are fitted to what was known when a window began, the features are those of that day,
 * the labels what was bought in it. Two heads are added: z(weights · features) + blend · z(the first model's score).
 * Without dates, or where they do not reach back so far, the weights are 0 and the first model's order stands.
 */
export function fitBlendPairs(interactions: Interactions, config: BlendConfig): Artifact {
  const lists = listsOf(endedWindows(interactions, config.windows), config)
  const count = lists.starts.length - 1
  const fitted = count >= config.windows.leastLists ? fitListwise(lists, config.l2) : new Float64Array(lists.features)
  const dated = interactions.ages !== undefined
  const terms = termsOf(config).map((term, at) => ({ term, weight: fitted[at] ?? 0 }))
  const held = terms.filter(({ term }) => dated || term.of !== 'product')
  const own: Term = { of: 'score', component: 0, times: null }
  const ranked = held.map(({ weight }) => weight)
  const heads: Head[] = [
    { name: 'ranker', weight: 1, normalised: true },
    { name: 'first component', weight: config.blend, normalised: true },
  ]
  const weights = [...ranked, 0, ...ranked.map(() => 0), 1]
  const columns = dated ? Object.fromEntries(productColumns(interactions, config.popularityHalfLives)) : {}
  const artifact = blendArtifact({
    components: componentsOf(interactions, config),
    retrieval: config.components.map((_, at) => (at === 0 ? 1 : 0)),
    ranker: {
      terms: [...held.map(({ term }) => term), own],
      heads,
      weights: Float64Array.from(weights),
    },
    columns,
    groups: {},
    investor: nothingRead,
    pair: nothingRead,
    viewWeight: config.viewWeight,
  })
  const { exposure: _, ...learnt } = config
  return { ...artifact, metadata: { ...artifact.metadata, lists: String(count), config: JSON.stringify(learnt) } }
}

const componentsOf = (interactions: Interactions, { components }: BlendConfig): Artifact[] =>
  components.map(({ model }) =>
    model.kind === 'ease' ? fitEase(interactions, model) : fitItemKnn(interactions, model),
  )

/** Each component's score and each popularity alone, by the size of the past and by the days since; then the rest. */
export function termsOf({ components, popularityHalfLives }: BlendConfig): Term[] {
  const column = (name: string, times: string | null): Term => ({ of: 'product', column: name, times })
  const varied = (times: string | null): Term[] => [
    ...components.map(({ floor }, component): Term => ({ of: 'log-score', component, floor, times })),
    ...[...popularityHalfLives.map((days) => `popularity${days}`), 'popularity'].map((name) => column(name, times)),
  ]
  return [
    ...varied(null),
    { of: 'log-rank', component: 0, times: null },
    column('firstBought', null),
    column('latestBought', null),
    ...varied('past.size'),
    ...varied('past.idle'),
  ]
}

/** The candidates of all users of all windows who bought one of them; of many users every so many-th. */
export function listsOf(windows: readonly Window[], config: BlendConfig): Lists {
  const terms = termsOf(config)
  const buyers = windows.reduce((sum, { bought }) => sum + bought.filter(({ length }) => length > 0).length, 0)
  const every = Math.ceil(buyers / config.windows.mostLists)
  let met = 0
  const values: Float32Array[] = []
  const starts = [0]
  const labels: number[] = []
  for (const { past, bought } of windows) {
    const factsOf = factsFor(past, config)
    for (let user = 0; user < userCount(past); user++) {
      const wanted = new Set(bought[user])
      if (wanted.size === 0 || met++ % every > 0) continue
      const facts = factsOf(user)
      if (!facts.rows.some((row) => wanted.has(row))) continue
      values.push(Float32Array.from(candidateFeatures(terms, facts)))
      for (const row of facts.rows) labels.push(wanted.has(row) ? 1 : 0)
      starts.push(labels.length)
    }
  }
  const all = new Float32Array(labels.length * terms.length)
  values.forEach((list, at) => all.set(list, (starts[at] ?? 0) * terms.length))
  return { features: terms.length, values: all, starts: Int32Array.from(starts), labels: Uint8Array.from(labels) }
}

/** What the engine would know of a user and his candidates on the day of the interactions' ages. */
function factsFor(interactions: Interactions, config: BlendConfig): (user: number) => CandidateFacts {
  const n = interactions.itemIds.length
  const models = componentsOf(interactions, config).map((artifact) => readItemFactors(artifact, n, n))
  const columns = productColumns(interactions, config.popularityHalfLives)
  return (user) => {
    const past: Weighted[] = Array.from(itemsOf(interactions, user), (row) => ({ row, weight: 1 }))
    const all = models.map((model) => itemFactorsVector(model, past))
    const rows = nominated(all[0] ?? new Float32Array(), past, config.depth)
    return {
      rows,
      scores: all.map((scores) => Float64Array.from(rows, (row) => scores[row] ?? 0)),
      columns,
      groups: new Map(),
      past,
      investor: pastFacts(past.length, idleDays(interactions, user)),
      pairs: new Map(),
    }
  }
}

/** Days since the latest purchase, also of what he had before: what the engine reads of his behaviour. */
function idleDays(interactions: Interactions, user: number): number {
  const { offsets, ages } = interactions.purchases ?? interactions
  let least = Infinity
  for (const age of ages?.subarray(offsets[user], offsets[user + 1]) ?? []) least = Math.min(least, age)
  return least
}

/** What the engine's exact search would give: the best `depth` rows that he has not, by integer score, ties by id. */
function nominated(scores: Float32Array, past: readonly Weighted[], depth: number): Int32Array {
  const owned = new Set(past.map(({ row }) => row))
  const best = bestOf(depth, Int32Array.from(scores.keys()))
  scores.forEach((score, row) => {
    if (!owned.has(row)) best.offer(row, integerScore(score))
  })
  return best.sorted().rows
}
