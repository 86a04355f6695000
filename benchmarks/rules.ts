import { readFileSync } from 'node:fs'
import { type Subject, subjectOf } from '../engine/suitability/inputs.js'
import { type Pack } from '../engine/suitability/pack.js'
import { extendPack, readPack } from '../engine/suitability/readPack.js'
import { referenceOf } from '../engine/suitability/reference.js'
import { rulesFor } from '../engine/suitability/rulesFor.js'
import { type Compiled, compiledFor, compilePack } from '../engine/suitability/verdicts.js'
import { type InvestorId } from '../features/schema/ids.js'
import { type Product } from '../features/schema/product.js'
import { catalogueOf } from './realCatalogue.js'
import { type Market, marketAtEnd } from './rulesMarket.js'
import { type Row, report, rounded, timed } from './suite.js'

const endDay = '2026-05-08'
const asOf = Date.parse('2026-05-08T15:00:00Z')
type Initiation = 'push' | 'self-initiated'
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
    ...recompiled(products, pack),
  ].map(({ name, microseconds, ratio, samples }) => {
    return { what: name, microseconds: rounded(microseconds, 1), ratio: rounded(ratio, 6), samples }
  })
  report('rules', {
    question: 'What do all products under thirty rules cost to judge, and a changed product to compile?',
    baseline: 'judging: the CEL reference over the same products; compiling: the whole catalogue from scratch',
    n: `${products.length} products and ${market.investors.size} investors of a simulated market, ${inForce(market, pack)}`,
    rows,
    remarks: [
      'A class is all of a subject that the verdicts depend on. "Class not seen before": each time another, with another product redeemed not long ago; what single rules say of parts of it may be known.',
      '"With digest and counts": what a decision takes of it.',
      '"First after compiling": nothing was judged under this compilation, so no rule has said anything yet; median of 200.',
      ...initiations.map((initiation) => classesMet(market, pack, initiation)),
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

function judged(market: Market, pack: Pack, initiation: Initiation): readonly Row[] {
  const compiled = compilePack(market.products, pack)
  const subject = fresh(market, compiled, pack, initiation)
  const next = everOther(subject, market.products)
  for (let warm = 0; warm < 2000; warm++) compiled.judge(next())
  const reference = referenceOf(pack)
  const rows = timed({
    [`${initiation}: CEL reference`]: () =>
      compiled.inputs.filter((product) => reference.findings(product, subject).length === 0),
    [`${initiation}: class seen before`]: () => compiled.judge(subject),
    [`${initiation}: class not seen before`]: () => compiled.judge(next()),
    [`${initiation}: class not seen before, with digest and counts`]: () => {
      const { digest, withheld } = compiled.judge(next())
      return [digest, withheld]
    },
    [`${initiation}: to name the class`]: () => compiled.classOf(subject),
  })
  const first = medianOf(
    200,
    () => compilePack(market.products, pack),
    (anew) => anew.judge(subject),
  )
  const base = rows[0]?.microseconds ?? NaN
  return [
    ...rows,
    { name: `${initiation}: first after compiling`, microseconds: first, ratio: first / base, samples: 200 },
  ]
}

/** Microseconds of what is done with something that is made beforehand, each time anew. */
function medianOf<T>(runs: number, make: () => T, run: (made: T) => unknown): number {
  const samples = Array.from({ length: runs }, () => {
    const made = make()
    const from = process.hrtime.bigint()
    run(made)
    return Number(process.hrtime.bigint() - from) / 1000
  })
  return samples.sort((a, b) => a - b)[runs >> 1] ?? NaN
}

type Change = (products: readonly Product[], turn: number) => readonly Product[]

/** Other facts of some products: as many NAVs as a revision tells. */
const told =
  (count: number): Change =>
  (products, turn) => {
    const next = [...products]
    for (let one = 0; one < count; one++) {
      const ordinal = (turn * 7919 + one * 104_729) % products.length
      const product = products[ordinal]
      if (product === undefined) continue
      const navDate = `2026-05-0${1 + (turn % 8)}`
      next[ordinal] = { ...product, facts: product.facts === null ? null : { ...product.facts, navDate } }
    }
    return next
  }

/** Every input of a product changes, as a slip of the importer would have it: another's, under its own id. */
const replaced: Change = (products, turn) => {
  const next = [...products]
  const [ordinal, other] = [(turn * 7919) % products.length, (turn * 104_729 + 1) % products.length]
  const [product, facts] = [products[ordinal], products[other]]
  if (product !== undefined && facts !== undefined) next[ordinal] = { ...facts, id: product.id }
  return next
}

const appended: Change = (products, turn) => {
  const [first] = products
  return first === undefined ? products : [...products, { ...first, id: `NEW-${turn}` as Product['id'] }]
}

/** A new catalogue each time: the one before with a change. Making it is not in the figure of the revision alone. */
function recompiled(products: readonly Product[], pack: Pack): readonly Row[] {
  const chain = (change: Change): (() => unknown) => {
    let [now, turn] = [products, 0]
    compiledFor(catalogueOf(now), pack)
    return () => {
      now = change(now, ++turn)
      // Beyond this the catalogue would be another one.
      if (now.length > products.length * 1.05) now = products
      return compiledFor({ ...bare, products: now }, pack)
    }
  }
  const bare = { ...catalogueOf([]) }
  return timed({
    'compile from scratch': () => compilePack(products, pack),
    'compile again: one NAV changed': chain(told(1)),
    'compile again: 50 NAVs changed': chain(told(50)),
    'compile again: one product changed in all it can': chain(replaced),
    'compile again: one product added': chain(appended),
  })
}

/** How often the class of a visitor of the last month was met before among so many. */
function classesMet(market: Market, pack: Pack, initiation: Initiation): string {
  const compiled = compilePack(market.products, pack)
  const classes = new Map<InvestorId, string>()
  for (const [id, known] of market.investors)
    classes.set(id, compiled.classOf(subjectOf(known, initiation, pack, asOf)))
  const visits = market.visits.map((id) => classes.get(id) ?? '')
  const shares = [128, 512, 1024, Infinity].map(
    (kept) => `${rounded(hitsOf(visits, kept) * 100, 1)} % where ${kept} are kept`,
  )
  return `${initiation}: ${new Set(classes.values()).size} classes among ${classes.size} investors; of ${visits.length} visits in the last month, the class was kept from an earlier one in ${shares.join(', ')}.`
}

/** Share of the names that are among the `limit` most recently used. */
export function hitsOf(names: readonly string[], limit: number): number {
  const kept = new Set<string>()
  let hits = 0
  for (const name of names) {
    if (kept.delete(name)) hits += 1
    kept.add(name)
    if (kept.size > limit) kept.delete(kept.values().next().value ?? '')
  }
  return hits / names.length
}
