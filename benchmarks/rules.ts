import { readFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { type Subject, subjectOf } from '../engine/suitability/inputs.js'
import { type Pack } from '../engine/suitability/pack.js'
import { extendPack, readPack } from '../engine/suitability/readPack.js'
import { referenceOf } from '../engine/suitability/reference.js'
import { rulesFor } from '../engine/suitability/rulesFor.js'
import { type Compiled, compilePack } from '../engine/suitability/verdicts.js'
import { type Product } from '../features/schema/product.js'
import { type Initiation, classesMet } from './rulesClasses.js'
import { recompiling } from './rulesChanges.js'
import { type Market, marketAtEnd } from './rulesMarket.js'
import { report, rounded, timed } from './suite.js'

const endDay = '2026-05-08'
/** The evening of that day: all of it is known. */
const asOf = Date.parse('2026-05-08T15:00:00Z')
const initiations: readonly Initiation[] = ['push', 'self-initiated']

/** Those of cn-2026, and enough of a firm's for 30 to be in force. */
export const thirtyRules = (): Pack =>
  extendPack(
    readPack(readFileSync('packs/cn-2026.yaml'), 'cn-2026.yaml'),
    readFileSync('benchmarks/rules.firm.yaml'),
    'rules.firm.yaml',
  )

export type RulesSize = { readonly products: number; readonly investors: number; readonly days: number }

/** What it costs to judge all products of a catalogue, and to compile it again after a change. */
export async function judging(size: RulesSize = { products: 5000, investors: 5000, days: 730 }): Promise<void> {
  const pack = thirtyRules()
  const market = await marketAtEnd({ seed: 401, endDay, ...size }, asOf)
  const { products } = market
  const rows = [
    ...initiations.flatMap((initiation) => judged(market, pack, initiation)),
    ...bothWays(recompiling(products, pack), 200),
  ]
  report('rules', {
    question: 'What do all products under thirty rules cost to judge, and a changed product to compile?',
    baseline: 'judging: the CEL reference over the same products; compiling: the whole catalogue from scratch',
    n: `${products.length} products and ${market.investors.size} investors of a simulated market, ${inForce(market, pack)}`,
    rows,
    remarks: [
      `"median call": of single calls, the figure to read where the machine is shared; load average ${rounded(loadavg()[0] ?? NaN, 1)} on ${cpus().length} cores at the end.`,
      'A class is all of a subject that the verdicts depend on. "Class not seen before": each time another, with another product redeemed not long ago; what single rules say of parts of it may be known.',
      '"With digest and counts": what a decision takes of it.',
      '"First after compiling": nothing was judged under this compilation, so no rule has said anything yet; median of 200.',
      ...initiations.map((initiation) => classesMet(market, pack, initiation, asOf)),
    ],
  })
}

const inForce = ({ investors }: Market, pack: Pack): string => {
  const [someone] = investors.values()
  if (someone === undefined) throw new Error('the market has no investors')
  const counts = initiations.map((initiation) => {
    const subject = subjectOf(someone, initiation, pack, asOf)
    return `${rulesFor(pack, subject).filter(({ effect }) => effect !== 'non-personal').length} for ${initiation}`
  })
  return `rules in force: ${counts.join(', ')}`
}

/** Subjects of ever other classes: levels, objectives, ages, horizons and a product redeemed. */
function everOther(subject: Subject, products: readonly Product[]): () => Subject {
  const objectives = ['liquidity', 'preservation', 'income', 'growth', 'aggressive-growth']
  let n = 0
  return () => {
    n += 1
    const investor = {
      ...subject.investor,
      riskLevel: 1 + (n % 5),
      ageYears: 20 + (n % 71),
      horizonMonths: n % 121,
      objectives: objectives.filter((_, bit) => ((1 + (n % 31)) >> bit) & 1),
      recentlyRedeemed: [products[n % products.length]?.id ?? ''],
    }
    return { ...subject, investor }
  }
}

/** A subject to whom much is permitted: his assessment and profile are fresh. */
function fresh({ investors }: Market, compiled: Compiled, pack: Pack, initiation: Initiation): Subject {
  const purchase = { amountMinor: 1_000_000, amountTodayMinor: 1_000_000, positionBps: 2000 }
  const subjects = Array.from(investors.values(), (known) =>
    subjectOf(known, initiation, pack, asOf, initiation === 'push' ? undefined : purchase),
  )
  const widest = subjects
    .map((subject) => ({ subject, permitted: compiled.judge(subject).permittedCount }))
    .reduce((a, b) => (b.permitted > a.permitted ? b : a))
  if (widest.permitted === 0) throw new Error('the rules permit nothing to anybody: the figures would say little')
  return widest.subject
}

function judged(market: Market, pack: Pack, initiation: Initiation): readonly Timed[] {
  const compiled = compilePack(market.products, pack)
  const subject = fresh(market, compiled, pack, initiation)
  const next = everOther(subject, market.products)
  for (let warm = 0; warm < 2000; warm++) compiled.judge(next())
  const reference = referenceOf(pack)
  const slow = bothWays(
    {
      [`${initiation}: CEL reference`]: () =>
        compiled.inputs.filter((product) => reference.findings(product, subject).length === 0),
    },
    10,
  )
  const base = slow[0]?.['median call µs']
  const fast = bothWays(
    {
      [`${initiation}: class seen before`]: () => compiled.judge(subject),
      [`${initiation}: class not seen before`]: () => compiled.judge(next()),
      [`${initiation}: class not seen before, with digest and counts`]: () => {
        const { digest, withheld } = compiled.judge(next())
        return [digest, withheld]
      },
      [`${initiation}: to name the class`]: () => compiled.classOf(subject),
    },
    2000,
    base,
  )
  const first = medianOf(
    200,
    () => compilePack(market.products, pack),
    (anew) => anew.judge(subject),
  )
  const name = `${initiation}: first after compiling`
  return [...slow, ...fast, row(name, null, first, base ?? first)]
}

type Timed = {
  readonly what: string
  readonly 'benchmark µs': number | null
  readonly 'median call µs': number
  readonly ratio: number
}

const row = (what: string, mean: number | null, median: number, base: number): Timed => ({
  what,
  'benchmark µs': mean === null ? null : rounded(mean, 1),
  'median call µs': rounded(median, 1),
  ratio: rounded(median / base, 6),
})

/**
 * By `benchmark`, whose samples are means of many calls, and by the median of single calls, which a machine that is
 * shared with others disturbs far less. The ratio is of the medians, to the first or to `base`.
 */
function bothWays(functions: Readonly<Record<string, () => unknown>>, calls: number, base?: number): readonly Timed[] {
  const means = timed(functions)
  const medians = Object.values(functions).map((run) => medianOf(calls, () => null, run))
  return means.map(({ name, microseconds }, index) => {
    const median = medians[index] ?? NaN
    return row(name, microseconds, median, base ?? medians[0] ?? NaN)
  })
}

/** Microseconds of one call with something that is made beforehand, each time anew. */
function medianOf<T>(runs: number, make: () => T, run: (made: T) => unknown): number {
  const samples = Array.from({ length: runs }, () => {
    const made = make()
    const from = process.hrtime.bigint()
    run(made)
    return Number(process.hrtime.bigint() - from) / 1000
  })
  return samples.sort((a, b) => a - b)[runs >> 1] ?? NaN
}
