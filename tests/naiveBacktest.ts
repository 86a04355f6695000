import { type Backtest, type InvestorGroup, type ProductGroup, quantileShares } from '../audit/backtest/backtest.js'
import { type Judged } from '../audit/backtest/compared.js'
import { type Context, decide } from '../engine/decide.js'
import { type Outcome } from '../engine/decision.js'
import { productInputsOf, subjectOf } from '../engine/suitability/inputs.js'
import { type Pack } from '../engine/suitability/pack.js'
import { type Finding, referenceOf } from '../engine/suitability/reference.js'
import { type Release } from '../engine/release.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type Product } from '../features/schema/product.js'
import { randomModel, releaseOf } from './randomRelease.js'

const context: Context = { mode: 'live', scene: 'home', size: 5, exclude: [] }

type Row = {
  readonly judged: Judged
  readonly lost: readonly Changed[]
  readonly gained: readonly Changed[]
  readonly blocked: readonly Changed[]
  readonly slate: number
  readonly permitted: readonly [number, number]
  readonly outcomes: readonly [Outcome, Outcome]
}
type Changed = { readonly product: Product; readonly rules: readonly string[] }

const releases = new WeakMap<Catalogue, Release>()
function releaseFor(catalogue: Catalogue): Release {
  let release = releases.get(catalogue)
  if (release === undefined)
    releases.set(catalogue, (release = releaseOf(randomModel(catalogue.products, 4, 1), catalogue)))
  return release
}

/** A decision under a pack over a catalogue, as serving would make it. */
export function outcomeUnder(
  pack: Pack,
  { catalogue, investor, entry }: Omit<Judged, 'pack' | 'verdictDigest' | 'slate'>,
) {
  return decide(releaseFor(catalogue), catalogue, pack, investor, context, entry.at, 1).decision
}

function rowOf(candidate: Pack, judged: Judged): Row {
  const { catalogue, investor, entry, pack } = judged
  const findings = [pack, candidate].map((each) => {
    const [reference, subject] = [referenceOf(each), subjectOf(investor, 'push', each, entry.at)]
    return catalogue.products.map((product) => reference.findings(productInputsOf(product, each.timeZone), subject))
  })
  const [before = [], after = []] = findings
  const permits = (found: readonly Finding[] | undefined): boolean => found?.length === 0
  const changed = (holds: (ordinal: number) => boolean, by: readonly (readonly Finding[])[]): Changed[] =>
    catalogue.products.flatMap((product, ordinal) =>
      holds(ordinal) ? [{ product, rules: [...new Set(by[ordinal]?.map(({ ruleId }) => ruleId))] }] : [],
    )
  const served = judged.slate.map(({ productId }) => productId)
  return {
    judged,
    lost: changed((ordinal) => permits(before[ordinal]) && !permits(after[ordinal]), after),
    gained: changed((ordinal) => !permits(before[ordinal]) && permits(after[ordinal]), before),
    blocked: changed(
      (ordinal) => served.includes(catalogue.products[ordinal]?.id ?? served[0]!) && !permits(after[ordinal]),
      after,
    ),
    slate: served.length,
    permitted: [before.filter(permits).length, after.filter(permits).length],
    outcomes: [outcomeUnder(pack, judged).outcome, outcomeUnder(candidate, judged).outcome],
  }
}

const affected = (rows: readonly Row[]) => ({
  decisions: rows.length,
  investors: new Set(rows.map(({ judged }) => judged.entry.pseudonym)).size,
})
const sum = (rows: readonly Row[], of: (row: Row) => number): number => rows.reduce((all, row) => all + of(row), 0)
const refusalOf = (outcome: Outcome) =>
  outcome.kind === 'refusal' ? { refusal: outcome.refusal, ruleId: outcome.ruleId } : null
const refusals = ({ outcomes: [before, after] }: Row) => [refusalOf(before), refusalOf(after)] as const
const differs = (row: Row): boolean => JSON.stringify(refusals(row)[0]) !== JSON.stringify(refusals(row)[1])
const nonPersonal = (outcome: Outcome): boolean => outcome.kind === 'non-personal'

const quantiles = (values: readonly number[]): readonly number[] => {
  const ascending = [...values].sort((a, b) => a - b)
  return ascending.length === 0
    ? []
    : quantileShares.map((share) => ascending[Math.max(0, Math.ceil((share / 100) * ascending.length) - 1)] ?? NaN)
}

function groupOf(rows: readonly Row[]): InvestorGroup {
  const served = rows.filter(({ outcomes: [before, after] }) => before.kind !== 'refusal' && after.kind !== 'refusal')
  const turned = (to: boolean) =>
    served.filter(({ outcomes: [before, after] }) => nonPersonal(before) !== to && nonPersonal(after) === to)
  const blocked = rows.filter((row) => row.blocked.length > 0)
  return {
    ...affected(rows),
    changed: affected(
      rows.filter(
        (row) =>
          row.lost.length > 0 ||
          row.gained.length > 0 ||
          differs(row) ||
          turned(true).includes(row) ||
          turned(false).includes(row),
      ),
    ),
    lost: sum(rows, ({ lost }) => lost.length),
    gained: sum(rows, ({ gained }) => gained.length),
    served: { slates: rows.filter(({ slate }) => slate > 0).length, items: sum(rows, ({ slate }) => slate) },
    blocked: {
      ...affected(blocked),
      items: sum(blocked, (row) => row.blocked.length),
      emptied: blocked.filter((row) => row.blocked.length === row.slate).length,
    },
    refused: affected(rows.filter((row) => refusals(row)[0] === null && refusals(row)[1] !== null)),
    admitted: affected(rows.filter((row) => refusals(row)[0] !== null && refusals(row)[1] === null)),
    nonPersonal: affected(turned(true)),
    personal: affected(turned(false)),
    permitted: {
      before: quantiles(rows.map(({ permitted }) => permitted[0])),
      after: quantiles(rows.map(({ permitted }) => permitted[1])),
    },
  }
}

function productGroup(rows: readonly Row[], belongs: (product: Product) => boolean): ProductGroup {
  const within = (changes: readonly Changed[]): Changed[] => changes.filter(({ product }) => belongs(product))
  const some = rows.flatMap(({ lost, gained, blocked }) => [...within(lost), ...within(gained), ...within(blocked)])
  return {
    products: new Set(some.map(({ product }) => product.id)).size,
    lost: sum(rows, ({ lost }) => within(lost).length),
    gained: sum(rows, ({ gained }) => within(gained).length),
    items: sum(rows, ({ blocked }) => within(blocked).length),
  }
}

const by = (changes: readonly Changed[], ruleId: string): Changed[] =>
  changes.filter(({ rules }) => rules.includes(ruleId))

function ruleOf(rows: readonly Row[], ruleId: string): Backtest['rules'][number] {
  const share = (of: (row: Row) => readonly Changed[]) => ({
    ...affected(rows.filter((row) => by(of(row), ruleId).length > 0)),
    pairs: sum(rows, (row) => by(of(row), ruleId).length),
  })
  const { pairs: items, ...slates } = share(({ blocked }) => blocked)
  return {
    ruleId,
    lost: share(({ lost }) => lost),
    gained: share(({ gained }) => gained),
    blocked: { ...slates, items },
  }
}

/**
 * The figures of a back-test, each counted by itself: the reference evaluator over every product of every decision, and
 * `decide` for the refusals.
 */
export function naiveBacktest(candidate: Pack, decisions: readonly Judged[]) {
  const rows = decisions.map((judged) => rowOf(candidate, judged))
  const changes = rows.flatMap(({ lost, gained, blocked }) => [...lost, ...gained, ...blocked])
  const products = [...new Set(changes.map(({ product }) => product.id))]
  const rules = [...new Set(changes.flatMap((change) => change.rules))]
  const holding = (changed: readonly Changed[], id: string): boolean => changed.some(({ product }) => product.id === id)
  return {
    total: groupOf(rows),
    levelOf: (belongs: (judged: Judged) => boolean) => groupOf(rows.filter(({ judged }) => belongs(judged))),
    rules: rules.map((ruleId) => ruleOf(rows, ruleId)),
    refusals: rows.filter(differs).map(refusals),
    products: products.map((productId) => ({
      productId,
      lost: affected(rows.filter(({ lost }) => holding(lost, productId))),
      gained: affected(rows.filter(({ gained }) => holding(gained, productId))),
      items: sum(rows, ({ blocked }) => Number(holding(blocked, productId))),
    })),
    productGroup: (belongs: (product: Product) => boolean) => productGroup(rows, belongs),
    groupsOf: (name: (product: Product) => string) => [...new Set(changes.map(({ product }) => name(product)))].sort(),
  }
}
