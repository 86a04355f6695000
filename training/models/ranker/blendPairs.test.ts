import { encodeArtifact } from '../../../engine/model/artifact.js'
import { integerScore } from '../../../engine/model/kernel.js'
import { loadModel } from '../../../engine/model/model.js'
import { zScores } from '../../../engine/ranking/candidateFeatures.js'
import { type InvestorSnapshot } from '../../../features/schema/records.js'
import { type Interactions, interactionsOf, itemsOf } from '../../interactions.js'
import { randomFor } from '../../random.js'
import { BlendConfig } from '../config.js'
import { fitBlendPairs, listsOf, termsOf } from './blendPairs.js'
import { productColumns } from './columns.js'
import { endedWindows } from './windows.js'

const config = BlendConfig.parse({
  kind: 'blend',
  components: [{ model: { kind: 'item-knn', popularityWeight: 1e-6 } }, { model: { kind: 'ease', lambda: 20 } }],
  popularityHalfLives: [40],
  depth: 10,
  blend: 0.3,
  windows: { count: 3, stepDays: 20, horizonDays: 50, leastLists: 20 },
})

/** Users who buy over 300 days; of late the last five products alone. */
function dated(users: number, items: number): Interactions {
  const { uniform } = randomFor(11, 'dated')
  const ages: number[] = []
  const rows = Array.from({ length: users }, () => {
    const row = new Map<number, number>()
    for (let k = 0; k < 6; k++) {
      const age = uniform() * 300
      row.set(age < 150 ? items - 1 - Math.floor(uniform() * 5) : Math.floor(uniform() * items), age)
    }
    ages.push(...[...row].sort(([a], [b]) => a - b).map(([, age]) => age))
    return new Map([...row.keys()].map((item) => [item, 1]))
  })
  const ids = Array.from({ length: items }, (_, item) => `P${100 + item}`)
  return { ...interactionsOf(ids, rows), ages: Float32Array.from(ages) }
}
const data = dated(200, 30)

test('a window parts what was known at its beginning from what was bought in it', () => {
  const rows = [
    new Map([
      [0, 1],
      [1, 1],
      [2, 1],
    ]),
    new Map([[1, 1]]),
  ]
  const few = { ...interactionsOf(['a', 'b', 'c'], rows), ages: Float32Array.of(90, 55, 10, 40) }
  const [first, second, ...rest] = endedWindows(few, { ...config.windows, count: 9, stepDays: 30, horizonDays: 50 })
  expect(first?.past).toMatchObject({
    offsets: Int32Array.of(0, 2, 2),
    items: Int32Array.of(0, 1),
    ages: Float32Array.of(40, 5),
  })
  // The other user has no past then, so that he teaches nothing.
  expect(first?.bought).toEqual([[2], []])
  expect(second?.bought).toEqual([[1], []])
  expect(rest).toEqual([])
})

test('nothing that happened after a window changes its lists', () => {
  const last = { ...config, windows: { ...config.windows, count: 1, horizonDays: 100 } }
  const before = listsOf(endedWindows(data, last.windows), last)
  // All of the window's purchases become younger, but stay within it.
  const shifted = { ...data, ages: data.ages!.map((age) => (age <= 100 ? age / 2 : age)) }
  expect(listsOf(endedWindows(shifted, last.windows), last)).toEqual(before)
})

test('of many lists every so many-th is learnt from', () => {
  const windows = endedWindows(data, config.windows)
  const [all, some] = [1_000_000, 60].map((mostLists) =>
    listsOf(windows, { ...config, windows: { ...config.windows, mostLists } }),
  )
  expect(all!.starts.length).toBeGreaterThan(200)
  expect(some!.starts.length).toBeLessThanOrEqual(61)
  expect(some!.starts.length).toBeGreaterThan(30)
})

test('a window knows when its users had last bought, and nothing of what they bought in it', () => {
  const purchases = { offsets: Int32Array.of(0, 4, 5), ages: Float32Array.of(90, 70, 55, 10, 40) }
  const rows = [new Map([[0, 1]]), new Map([[1, 1]])]
  const few = { ...interactionsOf(['a', 'b'], rows), ages: Float32Array.of(90, 40), purchases }
  const [window] = endedWindows(few, { ...config.windows, count: 1, horizonDays: 60 })
  expect(window?.past.purchases).toEqual({ offsets: Int32Array.of(0, 2, 2), ages: Float32Array.of(30, 10) })
})

test('columns by hand', () => {
  const few = { ...interactionsOf(['a', 'b'], [new Map([[0, 1]]), new Map([[0, 1]])]), ages: Float32Array.of(10, 20) }
  const columns = productColumns(few, [10])
  expect(columns.get('popularity')?.[0]).toBeCloseTo(Math.log(1.0001), 6)
  expect(columns.get('popularity10')?.[1]).toBeCloseTo(Math.log(0.0001), 5)
  expect(columns.get('firstBought')).toEqual(Float32Array.of(Math.log(21) - 5, -5))
  expect(columns.get('latestBought')).toEqual(Float32Array.of(Math.log(11) - 3, 4))
})

const snapshot = (user: number, at: number): InvestorSnapshot => {
  const start = data.offsets[user] ?? 0
  const purchased = [...itemsOf(data, user)].map((item, k) => ({
    productId: data.itemIds[item],
    count: 1,
    lastAt: at - (data.ages![start + k] ?? 0) * 86_400_000,
  }))
  return { behaviour: { purchased, viewed: [] } } as unknown as InvestorSnapshot
}

test('what serving ranks by is what training saw: the features of one date are the same', () => {
  // A window that begins now, as it were: its lists are those that the engine makes of the artifact.
  const bought = Array.from({ length: 200 }, (_, user) => (user < 20 ? [...Array(30).keys()] : []))
  const lists = listsOf([{ past: data, bought }], config)
  const artifact = fitBlendPairs(data, config)
  const model = loadModel(encodeArtifact(artifact))
  const weights = Float64Array.from(artifact.tensors['ranker.weights']!.data).subarray(0, lists.features)
  expect(Math.max(...weights.map(Math.abs))).toBeGreaterThan(0)
  const at = 1e12
  for (let user = 0; user < 20; user++) {
    const scored = model.scores!(snapshot(user, at), at)!
    const owned = new Set(itemsOf(data, user))
    const rows = data.itemIds
      .map((_, row) => ({ row, score: scored[row]! }))
      .filter(({ row }) => !owned.has(row))
      .sort((a, b) => integerScore(b.score) - integerScore(a.score) || a.row - b.row)
      .slice(0, config.depth)
    const scores = model.rank!(
      snapshot(user, at),
      at,
      Int32Array.from(rows, ({ row }) => row),
      [],
    )
    const linear = rows.map((_, place) => {
      const from = ((lists.starts[user] ?? 0) + place) * lists.features
      return weights.reduce((sum, weight, k) => sum + weight * (lists.values[from + k] ?? 0), 0)
    })
    const own = zScores(Float64Array.from(rows, ({ score }) => score))
    zScores(Float64Array.from(linear)).forEach((z, place) =>
      expect(scores[place]).toBeCloseTo(z + config.blend * (own[place] ?? 0), 3),
    )
  }
})

test('a ranker sees what of late is bought, which the neighbours alone do not', () => {
  const at = termsOf(config).findIndex((term) => term.of === 'product' && term.column === 'popularity40')
  expect(fitBlendPairs(data, config).tensors['ranker.weights']!.data[at]).toBeGreaterThan(0)
})

test('without dates, or with too few lists, the first component’s order stands', () => {
  const { itemIds, offsets, items, weights } = data
  const undated = fitBlendPairs({ itemIds, offsets, items, weights }, config)
  expect(Object.keys(undated.tensors).filter((name) => name.includes('columns'))).toEqual([])
  const few = fitBlendPairs(data, { ...config, windows: { ...config.windows, leastLists: 1_000_000 } })
  for (const artifact of [undated, few]) {
    const model = loadModel(encodeArtifact(artifact))
    const at = 1e12
    const rows = Int32Array.from(Array(30).keys())
    const scores = model.rank!(snapshot(0, at), at, rows, [])
    const own = zScores(model.scores!(snapshot(0, at), at)!)
    scores.forEach((score, row) => expect(score).toBeCloseTo(config.blend * (own[row] ?? 0), 9))
  }
})
