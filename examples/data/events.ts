import { csv, dayBefore, daysBetween, firstDay, instantOn, lastDay } from './dates.js'
import { type ExampleInvestor } from './investors.js'
import { type ExampleProduct } from './products.js'
import { type Random } from './random.js'

/** Tastes: kinds that go together, so that one investor's past tells of another's. */
const tastes: readonly (readonly string[])[] = [
  ['money-market', 'short-bond', 'index-bond', 'fof-conservative'],
  ['bond', 'bond-mixed', 'mixed-conservative', 'money-market'],
  ['index-equity', 'commodity', 'fof-balanced', 'index-bond', 'short-bond'],
  ['mixed-equity', 'equity', 'mixed-flexible', 'mixed-balanced', 'bond-mixed', 'money-market'],
]

const sessions = 40
const header = 'event_id,type,investor_id,product_id,occurred_at,amount_minor,currency,action,content_id'

type Row = readonly [type: string, investor: string, product: string, at: string, ...rest: (string | number)[]]

/** What one visit leaves: views, now and then a purchase of what was viewed, seldom something else. */
function visit(id: string, favourites: readonly ExampleProduct[], all: readonly ExampleProduct[], random: Random): Row[] {
  const date = dayBefore(lastDay, random.whole(0, daysBetween(firstDay, lastDay)))
  const minute = random.whole(30, 720)
  const product = random.uniform() < 0.12 ? random.pick(all) : random.pick(favourites, 3)
  const at = (later: number) => instantOn(date, minute + later)
  const rows: Row[] = [['view', id, product.id, at(0), '', '', '', '']]
  const u = random.uniform()
  if (u < 0.3) rows.push(['purchase', id, product.id, at(4), random.whole(1, 200) * 10_000, 'CNY', '', ''])
  else if (u < 0.36) rows.push(['redemption', id, product.id, at(5), random.whole(1, 50) * 10_000, 'CNY', '', ''])
  else if (u < 0.4) rows.push(['recurring-plan', id, product.id, at(6), 50_000, 'CNY', 'started', ''])
  else if (u < 0.5) rows.push(['content-read', id, product.id, at(2), '', '', '', `note-${random.whole(1, 30)}`])
  return rows
}

/** About 3,000 events over the year; purchases mostly within the investor's level. */
export function eventsCsv(
  investors: readonly ExampleInvestor[],
  products: readonly ExampleProduct[],
  random: Random,
): string {
  const rows = investors.flatMap(({ id, level }, index) => {
    const taste = tastes[(index * 7 + level) % tastes.length] ?? []
    const within = products.filter((product) => product.level <= Math.max(1, level))
    const tasted = within.filter(({ kind }) => taste.includes(kind))
    const favourites = tasted.length > 0 ? tasted : within
    return Array.from({ length: sessions }, () => visit(id, favourites, within, random)).flat()
  })
  rows.sort(([, a, p, atA], [, b, q, atB]) => compare(atA, atB) || compare(a, b) || compare(p, q))
  return csv(
    header,
    rows.map((row, index) => [`E${String(index + 1).padStart(5, '0')}`, ...row]),
  )
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
