import { readFileSync } from 'node:fs'
import { type InvestorSnapshot } from '../features/schema/records.js'
import { randomInvestor, randomProduct, seeded } from '../tests/randomMarket.js'
import { catalogueOf, randomModel, releaseOf } from '../tests/randomRelease.js'
import { type Context, decide } from './decide.js'
import { type Decision } from './decision.js'
import { type Release, withHnsw } from './release.js'
import { buildHnsw, defaultGraph, loadHnswlib } from './retrieval/hnsw.js'
import { readPack } from './suitability/readPack.js'

const at = Date.parse('2026-05-08T15:00:00Z')
/** Permits all: whole levels are open, so that HNSW is planned. */
const pack = readPack(readFileSync('packs/eval-open.yaml'), 'eval-open.yaml')
const random = seeded(7)
const catalogue = catalogueOf(
  Array.from({ length: 500 }, (_, index) => randomProduct(random, index, at)).filter(({ rating }) => rating !== null),
)
const thresholds = { exactUpTo: 0, maxBlockedBps: 10_000, k: 20, ef: 20 }
const exact = releaseOf(randomModel(catalogue.products, 16, 1), catalogue)
const planned = releaseOf(randomModel(catalogue.products, 16, 1), catalogue, thresholds)
const context: Context = { mode: 'evaluation', scene: 'home', size: 10, exclude: [] }
const investor: InvestorSnapshot = {
  profile: randomInvestor(seeded(1), 1, at),
  knownAt: at - 1000,
  behaviour: {
    purchased: [3, 23].map((ordinal) => ({
      productId: catalogue.products[ordinal]!.id,
      count: 1,
      lastAt: at - 5000 - ordinal,
    })),
    viewed: [],
  },
}
const again = (release: Release, recorded: readonly number[] | null = null): Decision =>
  decide(release, catalogue, pack, investor, context, at, 1, recorded).decision

const loaded = await loadHnswlib()
if ('missing' in loaded) {
  if (process.env['CI_NO_SKIP'] === '1') throw new Error(`${loaded.missing}, and CI_NO_SKIP=1 forbids to skip`)
  console.warn(`skipped: engine/decideAgain.test.ts, ${loaded.missing}`)
}
const graphs = 'missing' in loaded ? null : buildHnsw(loaded.library, planned.vectors, defaultGraph)

;(graphs === null ? describe.skip : describe)('a decision by HNSW', () => {
  const searched = graphs === null ? planned : withHnsw(planned, graphs)

  test('is the same from what it nominated, graphs or none', () => {
    const first = again(searched)
    expect(first.retrieval).toBe('hnsw')
    expect(first.nominated).toHaveLength(20)
    expect(again(searched, first.nominated)).toEqual(first)
    // Without the graphs' files: they only nominate.
    const withoutGraphs = { ...planned, manifest: { ...planned.manifest, hnsw: [{ level: 1, file: planned.digest }] } }
    expect(again(withoutGraphs, first.nominated)).toEqual(first)
    expect(() => again(withoutGraphs)).toThrow('its graphs were not opened')
  })

  test('follows the record in what was nominated, and scores and orders it anew', () => {
    const first = again(searched)
    const fewer = first.nominated.filter((_, place) => place % 2 === 0)
    expect(again(searched, [...fewer].reverse()).nominated).toEqual(fewer)
    // Twice, not in the catalogue, held already: not taken.
    expect(again(searched, [...fewer, ...fewer, -1, catalogue.products.length, 3]).nominated).toEqual(fewer)
    expect(again(searched, []).outcome.kind).toBe('refusal')
  })
})

test('an exact search does not believe the record', () => {
  const first = again(exact)
  expect(first.retrieval).toBe('exact')
  expect(again(exact, [1, 2, 3])).toEqual(first)
})
