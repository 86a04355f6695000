import { encodeArtifact } from '../../../engine/model/artifact.js'
import { dot } from '../../../engine/model/kernel.js'
import { loadModel } from '../../../engine/model/model.js'
import { foldEvents } from '../../../features/definitions/behaviour.js'
import { InvestorId, ProductId } from '../../../features/schema/ids.js'
import { Investor } from '../../../features/schema/investor.js'
import { seeded } from '../../../tests/randomMarket.js'
import { unknownProfile } from '../../examples.js'
import { type Interactions, interactionsOf, itemsOf } from '../../interactions.js'
import { scorerOf } from '../../protocols/scorer.js'
import { openTensorFlow } from '../../tensorflow/backend.js'
import { TwoTowerConfig } from '../config.js'
import { encodePairs, fitTwoTowerPairs, noFeatures } from './pairs.js'

const itemIds = Array.from({ length: 60 }, (_, item) => `p${item}`)
const rowsOf = (rows: readonly (readonly number[])[]): Interactions =>
  interactionsOf(
    itemIds,
    rows.map((row) => new Map(row.map((item) => [item, 1]))),
  )
const config = TwoTowerConfig.parse({
  kind: 'two-tower',
  dimension: 8,
  embedding: 8,
  hidden: 16,
  epochs: 8,
  negatives: 32,
})

test('an example a pair: the target, and only others of its user in the bag', () => {
  const rows = rowsOf([[3, 5, 7, 9, 11, 13], [4], [1, 2]])
  const { targets, bagStarts, bagRows } = encodePairs(rows, { mostPurchased: 3 }, 1, noFeatures)

  expect([...targets.subarray(0, 6)].sort((a, b) => a - b)).toEqual([3, 5, 7, 9, 11, 13])
  for (let example = 0; example < 6; example++) {
    const bag = [...bagRows.subarray(bagStarts[example], bagStarts[example + 1])]
    expect(new Set(bag).size).toBe(3)
    expect(bag).not.toContain(targets[example])
    for (const item of bag) expect([...itemsOf(rows, 0)]).toContain(item)
  }
  expect(targets[6]).toBe(4)
  expect(bagStarts[7]! - bagStarts[6]!).toBe(0)
  expect(bagStarts[9]! - bagStarts[8]!).toBe(1)
})

test('features are those of the user of the pair', () => {
  const users = { names: ['tolerance_level'], values: Float32Array.from([1, Number.NaN]) }
  const { features } = encodePairs(rowsOf([[3, 5], [4]]), config, 1, users)
  expect([...features]).toEqual([1, 1, Number.NaN])
})

const scoresOf = (query: Float32Array, products: Float32Array): number[] =>
  itemIds.map((_, item) => dot(query, 0, products, item * query.length, query.length))

/** Users of one level buy from one half of the items: of a user without a past only the level tells which. */
function levelled(users: number): { readonly rows: Interactions; readonly levels: Float32Array } {
  const random = seeded(5)
  const levels = Float32Array.from({ length: users }, (_, user) => 1 + (user % 2))
  const rows = Array.from(levels, (level) => [0, 1, 2, 3].map(() => Math.floor(random() * 30) + 30 * (level - 1)))
  return { rows: rowsOf(rows.map((row) => [...new Set(row)])), levels }
}

test('where a level is given it tells of a user without a past', async () => {
  const { rows, levels } = levelled(300)
  const users = { names: ['tolerance_level'], values: levels }
  const artifact = await fitTwoTowerPairs(await openTensorFlow(), rows, config, 1, users)
  const model = loadModel(encodeArtifact(artifact))
  const profile = Investor.parse({
    id: 'i1',
    riskAssessment: { level: 'C2', assessedAt: '2026-01-01T00:00:00Z', questionnaireVersion: 'test' },
    consents: { profiling: true, personalisation: true },
  })
  const query = model.embed({ profile, knownAt: 0, behaviour: foldEvents([]) }, 1)!
  const scores = scoresOf(query, model.products)
  const best = [...itemIds.keys()].sort((a, b) => scores[b]! - scores[a]!).slice(0, 10)
  expect(best.filter((item) => item >= 30).length).toBeGreaterThanOrEqual(9)
})

test('by their past alone the engine and the protocol score alike', async () => {
  const { rows } = levelled(300)
  const artifact = await fitTwoTowerPairs(await openTensorFlow(), rows, config, 1)
  const model = loadModel(encodeArtifact(artifact))
  const scorer = scorerOf(artifact, rows)
  const purchased = Array.from(itemsOf(rows, 0), (item) => ({
    productId: ProductId.parse(`p${item}`),
    count: 1,
    lastAt: 0,
  }))
  const query = model.embed(
    { profile: unknownProfile(InvestorId.parse('i1')), knownAt: 0, behaviour: { purchased, viewed: [] } },
    0,
  )!
  scoresOf(query, model.products).forEach((score, item) => expect(scorer.score(0, item)).toBeCloseTo(score, 5))
  const [top] = scorer.tops([{ row: 0 }], 10)
  expect(top?.items.filter((item) => item < 30).length).toBeGreaterThanOrEqual(9)
})

test('nobody with two items is refused', async () => {
  const run = fitTwoTowerPairs(await openTensorFlow(), rowsOf([[1], [2]]), config, 1)
  await expect(run).rejects.toThrow('no user has two items')
})
