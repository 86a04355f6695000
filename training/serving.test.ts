import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { Matrix } from 'ml-matrix'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeArtifact } from '../engine/model/artifact.js'
import { loadModel } from '../engine/model/model.js'
import { type Interactions as Recorded } from '../features/history/port.js'
import { type InvestorId } from '../features/schema/ids.js'
import { type Product } from '../features/schema/product.js'
import { randomProduct, seeded } from '../tests/randomMarket.js'
import { catalogueOf } from '../tests/randomRelease.js'
import { purchasesFrom, snapshotsOf } from './holdout.js'
import { rowsWhere } from './rowsBefore.js'
import { ndcg } from './metrics/ndcg.js'
import { ridgeMap } from './models/coldProducts.js'
import { ModelConfig } from './models/config.js'
import { principalComponents } from './models/principalComponents.js'
import { listRuns, readRun, writeRun } from './run.js'
import { lineageOf, unknownLineage } from './runRecord.js'
import { datedPairsOf, pairsOf, type ServingExamples, trainForServing } from './serving.js'

const asOf = Date.parse('2026-05-08T15:00:00Z')
const random = seeded(11)
const products: Product[] = Array.from({ length: 120 }, (_, index) => randomProduct(random, index, asOf))
const catalogue = catalogueOf(products)

/** Investors buy the even products of one half, by their own parity; the odd ones are never bought. */
function recordedOf(investors: number, each: number): Recorded {
  const rows = Array.from({ length: investors * each }, (_, at) => {
    const investor = Math.floor(at / each)
    const half = (investor % 2) * 60
    return { investor, product: half + 2 * Math.floor(random() * 30), at: asOf - (each - (at % each)) * 1000, type: 1 }
  })
  return {
    investorIds: Array.from({ length: investors }, (_, at) => `I${1000 + at}` as InvestorId),
    productIds: products.map(({ id }) => id),
    rows: {
      investor: Int32Array.from(rows, (row) => row.investor),
      product: Int32Array.from(rows, (row) => row.product),
      at: Float64Array.from(rows, (row) => row.at),
      knownAt: Float64Array.from(rows, (row) => row.at),
      type: Uint8Array.from(rows, (row) => row.type),
    },
  }
}
const many = recordedOf(400, 6)
const few = recordedOf(5, 2)
const examples = (recorded: Recorded, config: unknown): ServingExamples => ({
  catalogue,
  recorded,
  config: ModelConfig.parse(config),
  seed: 1,
  asOf,
})

test.each([
  ['popularity', many, { kind: 'popularity' }, 'popularity'],
  ['ials', many, { kind: 'ials', dimension: 8 }, 'ials'],
  ['content', few, { kind: 'content', dimension: 8 }, 'content'],
  ['content without anything', recordedOf(0, 0), { kind: 'content' }, 'content'],
  ['auto with many', many, { kind: 'auto' }, 'ials'],
  ['auto with few', few, { kind: 'auto' }, 'content'],
])('%s: the engine loads it, and every product has a row', (_case, recorded, config, kind) => {
  const trained = trainForServing(examples(recorded, config))
  const model = loadModel(encodeArtifact(trained.artifact))
  expect(model.kind).toBe(kind)
  expect(model.productIds).toEqual(products.map(({ id }) => id))
  expect(trained.config.kind).toBe(kind)
  expect(trained.because).not.toBe('')
})

test.each([many, few, recordedOf(0, 0)])(
  'spectral: the engine loads it as a graph of the whole catalogue',
  (recorded) => {
    const { artifact } = trainForServing(examples(recorded, { kind: 'spectral', dimension: 8 }))
    const { kind, productIds } = loadModel(encodeArtifact(artifact))
    expect([kind, productIds]).toEqual(['item-graph', products.map(({ id }) => id)])
  },
)

test('the same seed gives the same bytes', () => {
  const bytes = (): string =>
    Buffer.from(encodeArtifact(trainForServing(examples(many, { kind: 'auto' })).artifact)).toString('base64')
  expect(bytes()).toBe(bytes())
})

test('under iALS a product that nobody bought has a vector too', () => {
  const { artifact, counts } = trainForServing(examples(many, { kind: 'ials', dimension: 8 }))
  expect(counts.warmProducts).toBe(60)
  const data = Float32Array.from(artifact.tensors['products']!.data)
  for (let row = 0; row < products.length; row++)
    expect(data.subarray(row * 8, (row + 1) * 8).some((value) => value !== 0)).toBe(true)
})

test('content vectors have length 1, and an empty catalogue is refused', () => {
  const { artifact } = trainForServing(examples(few, { kind: 'content', dimension: 8 }))
  const data = Float32Array.from(artifact.tensors['products']!.data)
  for (let row = 0; row < products.length; row++)
    expect(data.subarray(row * 8, (row + 1) * 8).reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5)
  const empty = { ...examples(few, { kind: 'content' }), catalogue: catalogueOf([]) }
  expect(() => trainForServing(empty)).toThrow('the catalogue is empty')
})

test('a regularisation that leaves nothing is refused, with what to change', () => {
  const strong = { kind: 'ials', dimension: 4, lambda: 50 }
  expect(() => trainForServing(examples(many, strong))).toThrow('lower one of them')
})

test('views count where the config says so, a purchase outweighs them', () => {
  const viewed: Recorded = { ...few, rows: { ...few.rows, type: few.rows.type.map((_, at) => at % 2) } }
  expect(pairsOf(catalogue, viewed, 0).items.length).toBeLessThan(pairsOf(catalogue, viewed, 0.5).items.length)
  expect(new Set(pairsOf(catalogue, viewed, 0.5).weights)).toEqual(new Set([0.5, 1]))
})

test('a pair is as old as its first purchase, and every purchase of an investor is kept with its age', () => {
  const dayMs = 86_400_000
  const days = [90, 50, 20, 8]
  const rows = { investor: [0, 0, 0, 0], product: [2, 1, 1, 1], type: [0, 0, 1, 1] }
  const recorded: Recorded = {
    ...recordedOf(0, 0),
    investorIds: ['I1' as InvestorId],
    rows: {
      investor: Int32Array.from(rows.investor),
      product: Int32Array.from(rows.product),
      at: Float64Array.from(days, (age) => asOf - age * dayMs),
      knownAt: Float64Array.from(days, (age) => asOf - age * dayMs),
      type: Uint8Array.from(rows.type),
    },
  }
  const pairs = datedPairsOf(catalogue, recorded, 0.5, asOf)
  expect([...pairs.items]).toEqual([1, 2])
  expect([...pairs.ages!]).toEqual([20, 90])
  expect(pairs.purchases).toEqual({ offsets: Int32Array.of(0, 2), ages: Float32Array.of(20, 8) })
})

test('a blend is fitted on windows that had ended, and ranks what is bought of late before its first component does', () => {
  const fashion = fashionOf(300)
  const cut = asOf - 25 * 86_400_000
  const known: Recorded = rowsWhere(fashion, (row) => fashion.rows.at[row]! < cut)
  const components = [{ model: { kind: 'item-knn', popularityWeight: 1e-6 } }]
  const windows = { count: 4, stepDays: 20, horizonDays: 20, leastLists: 50 }
  const trained = trainForServing({
    ...examples(known, { kind: 'blend', components, depth: 30, popularityHalfLives: [20], windows }),
    asOf: cut,
  })
  const weights = trained.artifact.tensors['ranker.weights']!.data
  expect(weights.some((weight, at) => weight !== 0 && at < weights.length / 2)).toBe(true)
  const model = loadModel(encodeArtifact(trained.artifact))
  const snapshotOf = snapshotsOf(known, cut)
  const gains = Array.from(purchasesFrom(fashion, cut, catalogue), ([id, bought]) => {
    const snapshot = snapshotOf(id)
    const owned = new Set(snapshot.behaviour.purchased.map(({ productId }) => productId))
    const own = model.scores!(snapshot, cut)!
    const rows = Int32Array.from(own.keys()).filter((row) => !owned.has(products[row]!.id))
    const ranked = model.rank!(snapshot, cut, rows, [])
    const order = (score: (place: number) => number): string[] =>
      [...rows.keys()].sort((a, b) => score(b) - score(a)).map((place) => products[rows[place]!]!.id)
    const scored = (list: string[]): number => ndcg(list, bought as ReadonlySet<string>, 10)
    return scored(order((place) => ranked[place]!)) - scored(order((place) => own[rows[place]!]!))
  })
  expect(gains.length).toBeGreaterThan(100)
  expect(gains.reduce((sum, gain) => sum + gain, 0) / gains.length).toBeGreaterThan(0.1)
})

/** Over 200 days ten products are in fashion for forty days, and then ten others. */
function fashionOf(investors: number): Recorded {
  const dayMs = 86_400_000
  const rows = Array.from({ length: investors * 8 }, (_, at) => {
    const age = 199 * (1 - ((at % 8) + random()) / 8)
    const product = 10 * Math.floor((199 - age) / 40) + Math.floor(random() * 10)
    return { investor: Math.floor(at / 8), product, at: asOf - age * dayMs - 1 }
  })
  return {
    investorIds: Array.from({ length: investors }, (_, at) => `I${1000 + at}` as InvestorId),
    productIds: products.map(({ id }) => id),
    rows: {
      investor: Int32Array.from(rows, (row) => row.investor),
      product: Int32Array.from(rows, (row) => row.product),
      at: Float64Array.from(rows, (row) => row.at),
      knownAt: Float64Array.from(rows, (row) => row.at),
      type: Uint8Array.from(rows, () => 1),
    },
  }
}

test('the same rows are the same data on another day; dates are part of it where the model reads them', () => {
  const later: Recorded = { ...many, rows: { ...many.rows, at: many.rows.at.map((at) => at + 1) } }
  const digest = (recorded: Recorded, more: object, days = 0): string =>
    trainForServing({ ...examples(recorded, { kind: 'popularity', ...more }), asOf: asOf + days * 86_400_000 })
      .dataDigest
  expect(digest(many, {}, 3)).toBe(digest(later, {}))
  expect(digest(many, { halfLifeDays: 9 }, 3)).toBe(digest(many, { halfLifeDays: 9 }))
  expect(digest(later, { halfLifeDays: 9 })).not.toBe(digest(many, { halfLifeDays: 9 }))
})

test('principal components by hand: the diagonal carries all', () => {
  const { projected, explained } = principalComponents(
    new Matrix([
      [1, 1],
      [-1, -1],
      [3, 3],
      [-3, -3],
    ]),
    1,
  )
  expect(explained).toBeCloseTo(1, 12)
  expect(projected.to1DArray().map((value) => value / Math.SQRT2)).toEqual(
    [1, -1, 3, -3].map((v): unknown => expect.closeTo(v, 9)),
  )
})

test('the ridge by hand: one feature, ridge 10, an intercept', () => {
  // Σx² = 10, Σx = 0: slope Σxy / (10 + 10) = 20 / 20, intercept the mean of y.
  const x = new Matrix([-2, -1, 1, 2].map((value) => [value, 1]))
  const y = new Matrix([[-3], [-1], [3], [5]])
  expect(ridgeMap(x, y).to1DArray()).toEqual([expect.closeTo(1, 6), expect.closeTo(1, 6)])
})

describe('runs', () => {
  let dir = ''
  beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'runs-'))))
  afterEach(() => rm(dir, { recursive: true }))
  const run = {
    model: new Uint8Array([1, 2, 3]),
    config: ModelConfig.parse({ kind: 'popularity' }),
    metrics: { 'ndcg@10': 0.5 },
    record: { seed: 1, asOf, dataDigest: 'sha256:00', because: 'a test', seconds: 2 },
  }

  test('written as a whole, read back, the id from the content', async () => {
    const runs = join(dir, 'runs')
    expect(await listRuns(runs)).toEqual([])
    const { id } = await writeRun(runs, run)
    const again = await writeRun(runs, { ...run, record: { ...run.record, seconds: 3 } })
    const other = await writeRun(runs, { ...run, record: { ...run.record, seed: 2 } })
    expect(again.id).toBe(id)
    expect(other.id).not.toBe(id)
    expect(await listRuns(runs)).toEqual([id, other.id].sort())
    expect((await readdir(runs)).sort()).toEqual([id, other.id].sort())
    expect((await readdir(join(runs, id))).sort()).toEqual([
      'config.json',
      'metrics.json',
      'model.safetensors',
      'run.json',
    ])
    const read = await readRun(runs, id)
    expect(read.record).toMatchObject({ asOf, seconds: 2 })
    expect(Array.from(read.model)).toEqual([1, 2, 3])
  })

  test('under what it came about is kept, and is no part of the id', async () => {
    const lineage = { ...unknownLineage, commit: 'a'.repeat(40), backend: 'plain', peakMb: 120, parent: null }
    const { id } = await writeRun(dir, { ...run, lineage })
    expect(lineageOf((await readRun(dir, id)).record)).toEqual(lineage)
    expect((await writeRun(dir, run)).id).toBe(id)
  })

  test('a run of an earlier version is read', async () => {
    const { id } = await writeRun(dir, run)
    const file = join(dir, id, 'run.json')
    const { lineage: _, files: __, ...before } = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
    await writeFile(file, JSON.stringify({ ...before, v: 1 }))
    const read = await readRun(dir, id)
    expect(read.record).toMatchObject({ v: 1, asOf, seconds: 2 })
    expect(lineageOf(read.record)).toEqual(unknownLineage)
  })

  test.each([
    ['config.json', '{ "kind": "popularity" }'],
    ['metrics.json', '{ "ndcg@10": 0.6 }'],
    ['run.json', null],
  ])('a run whose %s was changed is refused', async (name, content) => {
    const { id } = await writeRun(dir, run)
    const file = join(dir, id, name)
    await writeFile(file, content ?? (await readFile(file, 'utf8')).replace('"seed": 1', '"seed": 2'))
    await expect(readRun(dir, id)).rejects.toThrow(`${name} is not the file that was written`)
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'a metric of %s is refused, with nothing written',
    async (value) => {
      await expect(writeRun(dir, { ...run, metrics: { 'ndcg@10': value } })).rejects.toThrow('ndcg@10')
      expect(await listRuns(dir)).toEqual([])
    },
  )

  test('a run that is absent, or whose model was changed, is refused', async () => {
    const { id } = await writeRun(dir, run)
    await expect(readRun(dir, '../x')).rejects.toThrow('no run')
    await writeFile(join(dir, id, 'model.safetensors'), 'x')
    await expect(readRun(dir, id)).rejects.toThrow('is not the file that was written')
  })
})
