import { type Artifact } from '../../../engine/model/artifact.js'
import { integerScore, scoreScale } from '../../../engine/model/kernel.js'
import {
  type Aged,
  candidateFeatures,
  type Component,
  componentScores,
  type FeatureSources,
  type RankingFeature,
} from '../../../engine/ranking/candidateFeatures.js'
import { type Interactions, userCount } from '../../interactions.js'
import { type BlendConfig } from '../config.js'
import { fitEase } from '../ease.js'
import { fitItemKnn } from '../itemKnn.js'
import { itemCounts } from '../popularity.js'
import { productColumns } from './columns.js'
import { fitListwise, type Lists } from './listwise.js'
import { endedWindows, type Window } from './windows.js'

/**
 * Item–item models and a ranker over what the first of them nominates (engine/ranking). The ranker learns from windows
 * that had ended by the time of the fit: the models are fitted to what was known when a window began, the features are
 * those of that day, the labels what was bought in it. Without dates, or where they do not reach back so far, its
 * weights are 0 and the first model's order stands.
 */
export function fitBlend(interactions: Interactions, config: BlendConfig): Artifact {
  const lists = listsOf(endedWindows(interactions, config.windows), config)
  const enough = lists.starts.length > config.windows.leastLists
  const weights = enough ? fitListwise(lists, config.l2) : new Float64Array(lists.features)
  return blendArtifact(interactions, config, weights, lists.starts.length - 1)
}

/** Products of a window or of the artifact itself, as the engine's features read them. */
function sourcesOf(
  interactions: Interactions,
  config: BlendConfig,
): FeatureSources & { readonly artifacts: Artifact[] } {
  const artifacts = config.components.map(({ model }) =>
    model.kind === 'ease' ? fitEase(interactions, model) : fitItemKnn(interactions, model),
  )
  const components = config.components.map(({ name, pastHalfLifeDays, floor }, at) => ({
    name,
    floor,
    pastHalfLifeDays,
    products: null,
    factors: {
      history: singles(artifacts[at], 'history'),
      dimension: interactions.itemIds.length,
      bias: artifacts[at]?.tensors['bias'] === undefined ? null : singles(artifacts[at], 'bias'),
    },
  }))
  const columns = interactions.ages === undefined ? new Map() : productColumns(interactions, config.popularityHalfLives)
  return { artifacts, components, columns, features: featuresOf(config) }
}

const singles = (artifact: Artifact | undefined, name: string): Float32Array =>
  Float32Array.from(artifact?.tensors[name]?.data ?? [])

/** Each component's score and each popularity alone, by the length of the past and by the days since; then the rest. */
export function featuresOf({ components, popularityHalfLives }: BlendConfig): RankingFeature[] {
  const varied = [
    ...components.map(({ name }) => name),
    ...popularityHalfLives.map((days) => `popularity${days}`),
    'popularity',
  ]
  const alone = [...varied, 'rank', 'firstBought', 'latestBought']
  const by = (bases: string[], context: RankingFeature['context']): RankingFeature[] =>
    bases.map((base) => ({ base, context }))
  return [...by(alone, 'one'), ...by(varied, 'history'), ...by(varied, 'idle')]
}

/** The candidates of all users of all windows who bought one of them. */
export function listsOf(windows: readonly Window[], config: BlendConfig): Lists {
  const features = featuresOf(config).length
  const values: Float64Array[] = []
  const starts = [0]
  const labels: number[] = []
  for (const { past, bought } of windows) {
    const sources = sourcesOf(past, config)
    for (let user = 0; user < userCount(past); user++) {
      const wanted = new Set(bought[user])
      if (wanted.size === 0) continue
      const aged = agedItems(past, user)
      const nominated = nominate(sources.components[0], aged, past.itemIds.length, config.depth)
      if (!nominated.rows.some((row) => wanted.has(row))) continue
      values.push(candidateFeatures(sources, aged, nominated))
      for (const row of nominated.rows) labels.push(wanted.has(row) ? 1 : 0)
      starts.push(labels.length)
    }
  }
  const all = new Float32Array(labels.length * features)
  values.forEach((list, at) => all.set(list, (starts[at] ?? 0) * features))
  return { features, values: all, starts: Int32Array.from(starts), labels: Uint8Array.from(labels) }
}

function agedItems({ offsets, items, ages }: Interactions, user: number): Aged[] {
  const aged: Aged[] = []
  for (let at = offsets[user] ?? 0; at < (offsets[user + 1] ?? 0); at++)
    aged.push({ row: items[at] ?? -1, weight: 1, ageDays: ages?.[at] ?? 0 })
  return aged
}

/** What the engine's exact search would give: the best `depth` that he has not, by integer score, ties by id. */
function nominate(first: Component | undefined, past: readonly Aged[], count: number, depth: number) {
  if (first === undefined) throw new Error('blend: want at least one component')
  const owned = new Set(past.map(({ row }) => row))
  const scores = componentScores(
    first,
    past,
    Array.from({ length: count }, (_, row) => row),
  ).map(integerScore)
  const rows = Array.from(scores.keys())
    .filter((row) => !owned.has(row))
    .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b)
    .slice(0, depth)
  return { rows, scores: rows.map((row) => (scores[row] ?? 0) / scoreScale) }
}

function blendArtifact(
  interactions: Interactions,
  config: BlendConfig,
  weights: Float64Array,
  lists: number,
): Artifact {
  const { artifacts, columns, features } = sourcesOf(interactions, config)
  const n = interactions.itemIds.length
  const known = features
    .map((feature, at) => ({ feature, weight: weights[at] ?? 0 }))
    .filter(
      ({ feature: { base } }) =>
        columns.size > 0 || base === 'rank' || config.components.some(({ name }) => name === base),
    )
  return {
    metadata: {
      format: 'aptus-model/1',
      kind: 'blend',
      productIds: JSON.stringify(interactions.itemIds),
      viewWeight: String(config.viewWeight),
      components: JSON.stringify(
        config.components.map(({ name, pastHalfLifeDays, floor }) => ({ name, pastHalfLifeDays, floor })),
      ),
      columns: JSON.stringify([...columns.keys()]),
      features: JSON.stringify(known.map(({ feature }) => feature)),
      depth: String(config.depth),
      blend: String(config.blend),
      lists: String(lists),
      config: JSON.stringify(config),
      users: String(userCount(interactions)),
      pairs: String(interactions.items.length),
    },
    tensors: {
      ...Object.fromEntries(
        artifacts.flatMap(({ tensors }, at) =>
          ['history', 'bias'].flatMap((name) =>
            tensors[name] === undefined ? [] : [[`c${at}.${name}`, tensors[name]]],
          ),
        ),
      ),
      ...Object.fromEntries([...columns].map(([name, data]) => [`column.${name}`, { shape: [n], data }])),
      'ranker.weights': { shape: [known.length], data: Float64Array.from(known, ({ weight }) => weight) },
      popularity: { shape: [n], data: itemCounts(interactions) },
    },
  }
}
