import { readFileSync } from 'node:fs'
import { decide } from '../../engine/decide.js'
import { encodeArtifact } from '../../engine/model/artifact.js'
import { readPack } from '../../engine/suitability/readPack.js'
import { type Interactions as Recorded } from '../../features/history/port.js'
import { type Catalogue } from '../../features/schema/catalogue.js'
import { type InvestorId } from '../../features/schema/ids.js'
import { Investor } from '../../features/schema/investor.js'
import { levelNumber } from '../../features/schema/levels.js'
import { type Product } from '../../features/schema/product.js'
import { randomProduct, seeded } from '../../tests/randomMarket.js'
import { catalogueOf } from '../../tests/randomRelease.js'
import { cutOf, purchasesFrom, releaseInMemory, snapshotsOf } from '../holdout.js'
import { rowsBefore } from '../rowsBefore.js'
import { ndcg } from '../metrics/ndcg.js'
import { ModelConfig } from '../models/config.js'
import { trainForServing } from '../serving.js'
import { EvaluationConfig } from './config.js'
import { evaluate, type EvaluationOptions } from './evaluate.js'
import { figuresOf } from './figures.js'
import { EvaluationReport, evaluationOf } from './report.js'

const dayMs = 86_400_000
const asOf = Date.parse('2026-05-08T15:00:00Z')
const packOf = (id: string) => readPack(readFileSync(`packs/${id}.yaml`), `${id}.yaml`)
const packs = { on: packOf('eval-band'), off: packOf('eval-open') }
const random = seeded(11)
const products: Product[] = Array.from({ length: 80 }, (_, index) => randomProduct(random, index, asOf))
const content = ModelConfig.parse({ kind: 'content' })
const evaluation = EvaluationConfig.parse({ resamples: 100 })

/** 200 investors buy five products each, one every twenty days. */
function recordedOf(productAt: (investor: number, nth: number) => number, purchases = 1000): Recorded {
  const rows = Array.from({ length: purchases }, (_, n) => {
    const [investor, nth] = [Math.floor(n / 5), n % 5]
    return { investor, product: productAt(investor, nth), at: asOf - (100 - nth * 20) * dayMs + investor * 1000 }
  })
  return {
    investorIds: Array.from({ length: 200 }, (_, at) => `I${1000 + at}` as InvestorId),
    productIds: products.map(({ id }) => id),
    rows: {
      investor: Int32Array.from(rows, (row) => row.investor),
      product: Int32Array.from(rows, (row) => row.product),
      at: Float64Array.from(rows, (row) => row.at),
      knownAt: Float64Array.from(rows, (row) => row.at),
      type: new Uint8Array(rows.length).fill(1),
    },
  }
}
const varied = recordedOf((investor, nth) => (investor * 13 + nth * 29) % 80)
const catalogue = catalogueOf(products)
const cut = cutOf(varied) ?? 0

const fit: EvaluationOptions['fit'] = (config, known) =>
  Promise.resolve(trainForServing({ ...known, config, seed: 1 }).artifact)
/** Investors of C1 to C5 and, a sixth of them, without an assessment; half of them with a date of birth. */
const snapshots = (ids: Iterable<InvestorId>) =>
  new Map(
    [...ids].map((id) => {
      const n = Number(id.slice(1))
      const level = n % 6
      const profile = Investor.parse({
        ...{ id, consents: { profiling: true, personalisation: true } },
        birthDate: n % 2 === 0 ? '1980-02-29' : null,
        riskAssessment:
          level === 0 ? null : { level: `C${level}`, assessedAt: '2026-01-01T00:00:00Z', questionnaireVersion: 'q' },
      })
      return [id, { ...snapshotsOf(rowsBefore(varied, cut), cut)(id), profile }]
    }),
  )
const judge = (options: Partial<EvaluationOptions> = {}) =>
  evaluate({
    ...{ recorded: varied, asOf, config: content, seed: 1, evaluation, packs, fit },
    catalogueAsOf: () => Promise.resolve(catalogue),
    snapshotsAt: (_, ids) => Promise.resolve(snapshots(ids)),
    ...options,
  })
const known = async (options?: Partial<EvaluationOptions>) => {
  const report = await judge(options)
  if (report === null) throw new Error('nothing was judged')
  return report
}

test('the report is of its schema, and its figures are finite, unrated products in the catalogue or not', async () => {
  const unrated = products.map((product, at) => (at % 7 === 0 ? { ...product, rating: null } : product))
  for (const market of [products, unrated]) {
    const report = await known({ catalogueAsOf: () => Promise.resolve(catalogueOf(market)) })
    expect(EvaluationReport.parse(JSON.parse(JSON.stringify(EvaluationReport.encode(report))))).toEqual(report)
    expect(figuresOf(report)['holdout investors']).toBe(100)
    for (const value of Object.values(figuresOf(report))) expect(Number.isFinite(value)).toBe(true)
  }
  expect(figuresOf(null)).toEqual({})
})

test('the catalogue is the one that was known at the cut: nothing later is looked at', async () => {
  const asked: number[] = []
  const catalogueAsOf = (at: number): Promise<Catalogue> => (asked.push(at), Promise.resolve(catalogue))
  await judge({ catalogueAsOf })
  expect(asked).toEqual([[...varied.rows.at].sort((a, b) => a - b)[900]])
  // A product that was not known yet is nothing that a slate could have held.
  const half = await known({ catalogueAsOf: () => Promise.resolve(catalogueOf(products.slice(0, 40))) })
  expect(half.investors).toBeLessThan(100)
})

test.each([
  ['nobody buys anything new', recordedOf((investor) => investor % 80), products],
  ['no product was known at the cut', varied, []],
  ['there are few purchases', recordedOf((investor, nth) => (investor * 13 + nth * 29) % 80, 400), products],
])('nothing is judged where %s', async (_, recorded, market) => {
  expect(await judge({ recorded, catalogueAsOf: () => Promise.resolve(catalogueOf(market)) })).toBeNull()
})

test('suitability on shows nothing above the tolerance; its price is what it costs; what it forbids is counted', async () => {
  const report = await known()
  const candidate = evaluationOf(report, 'candidate')
  expect(candidate?.on).toMatchObject({ violations: 0, aboveTolerance: 0, disagreements: 0 })
  expect(candidate?.off.aboveTolerance).toBeGreaterThan(100)
  expect(candidate?.off.violations).toBe(candidate?.off.aboveTolerance)
  const all = candidate?.segments[0]
  expect(all?.on.aboveTolerance?.value).toBe(0)
  for (const name of ['ndcg', 'recall', 'coverage', 'companyGini'] as const)
    expect(all?.price[name]?.value).toBeCloseTo((all?.off[name]?.value ?? 9) - (all?.on[name]?.value ?? 0), 12)

  const bought = purchasesFrom(varied, cut, catalogue)
  const forbidden = [...snapshots(bought.keys())].flatMap(([id, { profile }]) =>
    [...(bought.get(id) ?? [])].filter((product) => {
      const rating = products[catalogue.ordinalOf.get(product) ?? -1]?.rating
      return !rating || !profile.riskAssessment || levelNumber(rating.level) > levelNumber(profile.riskAssessment.level)
    }),
  )
  expect(report.heldOut).toMatchObject({ purchases: 100, forbidden: forbidden.length })
  expect(candidate?.on.refused).toBe(
    [...snapshots(bought.keys()).values()].filter((of) => of.profile.riskAssessment === null).length,
  )
})

test('nDCG is the mean over slates of decide, and its interval holds it', async () => {
  const model = encodeArtifact(await fit(content, { catalogue, recorded: rowsBefore(varied, cut), asOf: cut }))
  const release = releaseInMemory(model, catalogue)
  const bought = purchasesFrom(varied, cut, catalogue)
  const context = { mode: 'evaluation', scene: 'home', size: 10, exclude: [] } as const
  const values = [...snapshots(bought.keys())].map(([id, snapshot]) => {
    const { outcome } = decide(release, catalogue, packs.on, snapshot, context, cut, 1).decision
    const shown = outcome.kind === 'refusal' ? [] : outcome.slate.map(({ productId }) => productId)
    return ndcg(shown, bought.get(id) ?? new Set(), 10)
  })
  const measured = evaluationOf(await known(), 'candidate')?.segments[0]?.on.ndcg
  expect(measured?.value).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 12)
  expect(measured?.low).toBeLessThan(measured?.value ?? 0)
  expect(measured?.high).toBeGreaterThan(measured?.value ?? 1)
})

test('the front: without caps it is the model’s own slates, one point is what serves, and caps make slates more various', async () => {
  const report = await known()
  const all = evaluationOf(report, 'candidate')?.segments[0]?.on
  const front = report.front ?? []
  const at = (perCompanyBps: number, perKindBps: number) =>
    front.find((point) => point.perCompanyBps === perCompanyBps && point.perKindBps === perKindBps)
  const uncapped = at(10_000, 10_000)
  for (const name of ['ndcg', 'companyGini', 'diversity'] as const)
    expect(uncapped?.[name]).toBeCloseTo(all?.[name]?.value ?? 9, 12)
  expect(front.filter(({ isDefault }) => isDefault)).toEqual([at(2500, 5000)])
  expect(at(1000, 3000)?.diversity).toBeGreaterThan(uncapped?.diversity ?? 1)
})

test('segments of a kind share out the investors; small ones are left out', async () => {
  const segments = evaluationOf(
    await known({ evaluation: { ...evaluation, leastOfSegment: 2 } }),
    'candidate',
  )?.segments
  for (const kind of ['all', 'level', 'age', 'activity'])
    expect(segments?.filter(({ by }) => by === kind).reduce((sum, { investors }) => sum + investors, 0)).toBe(100)
  expect(segments?.filter(({ by }) => by === 'level').map(({ name }) => name)).toEqual([
    ...['C1', 'C2', 'C3', 'C4', 'C5', 'unknown'],
  ])
  const large = evaluationOf(await known({ evaluation: { ...evaluation, leastOfSegment: 40 } }), 'candidate')?.segments
  expect(large?.map(({ by, name }) => `${by} ${name}`)).toEqual([
    'all all',
    'activity 1 to 4',
    'age 45 to 59',
    'age unknown',
  ])
})

test('of many, as many as asked for are judged: the same by the same seed', async () => {
  const few = { evaluation: { ...evaluation, investors: 30 } }
  const report = await known(few)
  expect(report).toMatchObject({ investors: 30, eligible: 100 })
  expect(await known(few)).toEqual(report)
  expect(await known({ ...few, seed: 2 })).not.toMatchObject({ models: report.models })
})

test('what a decision takes: the median, and what two in a hundred were', async () => {
  let [calls, now] = [0, 0]
  // The candidate decides first: the 30th and the 31st of its hundred decisions are slow.
  const processorMs = (): number => (now += [60, 62].includes(++calls) ? 40 : 1)
  expect((await known({ processorMs })).decideMs).toEqual({ median: 1, p99: 40, decisions: 100 })
})

test('returns and holding times of what was shown; without them there are no figures', async () => {
  const half = products.filter((_, at) => at % 2 === 0)
  const held = { boughtAt: cut - dayMs, time: 30, ended: true }
  const outcomes = {
    returns: new Map(half.map(({ id }) => [id, 0.02])),
    held: new Map([['I1' as InvestorId, products.map(({ id: productId }) => ({ ...held, productId }))]]),
  }
  const told = evaluationOf(await known({ outcomes: () => Promise.resolve(outcomes) }), 'candidate')?.segments[0]?.off
  expect(told?.return30d?.value).toBeCloseTo(0.02, 12)
  expect(told?.returnCoverage?.value).toBeGreaterThan(0.2)
  expect(told?.returnCoverage?.value).toBeLessThan(0.8)
  expect(told?.holdingDays?.value).toBeCloseTo(30, 12)
  const untold = evaluationOf(await known(), 'candidate')?.segments[0]?.off ?? {}
  for (const name of ['return30d', 'returnCoverage', 'holdingDays']) expect(untold).not.toHaveProperty(name)
})

describe('the incumbent', () => {
  const ials = ModelConfig.parse({ kind: 'ials', dimension: 4, iterations: 2 })
  const modelOf = async (config: ModelConfig, at: number) =>
    encodeArtifact(await fit(config, { catalogue, recorded: rowsBefore(varied, at), asOf: at }))

  test('of the same config is fitted as the candidate is: there is no difference', async () => {
    const model = await modelOf(content, asOf)
    const report = await known({ incumbent: { runId: 'run-1', config: content, asOf, model } })
    expect(evaluationOf(report, 'incumbent')).toMatchObject({ as: 'refitted', runId: 'run-1' })
    for (const { on, off } of report.differences.find(({ against }) => against === 'incumbent')?.segments ?? [])
      for (const { value, low, high } of [...Object.values(on), ...Object.values(off)])
        expect([value, low, high].map(Math.abs)).toEqual([0, 0, 0])
  })

  test('that learnt of the holdout is not judged as it is, for it knows the answers', async () => {
    const [known_, fitted] = await Promise.all(
      [asOf, cut].map(async (at) =>
        evaluationOf(
          await known({ incumbent: { runId: 'run-1', config: ials, asOf: at, model: await modelOf(ials, at) } }),
          'incumbent',
        ),
      ),
    )
    expect([known_?.as, fitted?.as]).toEqual(['refitted', 'served'])
    expect(known_?.segments).toEqual(fitted?.segments)
  })
})
