import { createHash } from 'node:crypto'
import { compareIds } from '../../schema/ids.js'
import { RiskLevel } from '../../schema/levels.js'
import { type Product, type Rating } from '../../schema/product.js'

const hashOf = (seed: number, id: string): string => createHash('sha256').update(`${seed} ${id}`).digest('hex')

/** `count` of the products, the same for the same seed whatever their order; by kind, then id. */
export function sampleOf(products: readonly Product[], count: number, seed: number): readonly Product[] {
  return products
    .map((product) => ({ product, hash: hashOf(seed, product.id) }))
    .sort((a, b) => compareIds(a.hash, b.hash))
    .slice(0, count)
    .map(({ product }) => product)
    .sort((a, b) => compareIds(a.kind, b.kind) || compareIds(a.id, b.id))
}

const withBasis = (products: readonly Product[], basis: Rating['basis']): readonly Product[] =>
  products.filter(({ rating }) => rating?.basis === basis)

const percent = (bps: number | null): string => (bps === null ? '–' : `${(bps / 100).toFixed(2)} %`)

function line({ id, name, kind, kindText, rating }: Product): string {
  const source = rating?.volatilitySource == null ? '–' : `${rating.volatilitySource}, ${rating.observations}`
  const cells = [id, name['zh-CN'], kindText ?? '–', kind, percent(rating?.volatilityBps ?? null), source]
  return `| ${[...cells, rating?.basis ?? '–', rating?.level ?? '–'].join(' | ')} |`
}

/** How many products each level has, by basis: a Markdown table. */
export function countsTable(products: readonly Product[]): string {
  const row = (basis: Rating['basis']) => {
    const of = withBasis(products, basis)
    const counts = RiskLevel.options.map((level) => of.filter(({ rating }) => rating?.level === level).length)
    return `| ${basis} | ${counts.join(' | ')} | ${of.length} |`
  }
  const header = `| basis | ${RiskLevel.options.join(' | ')} | all |\n|---|---|---|---|---|---|---|`
  return [header, row('volatility'), row('kind')].join('\n')
}

/** A hundred sampled ratings, 60 that rest on a volatility and 40 on the kind alone: a Markdown table. */
export function ratingsTable(products: readonly Product[], seed: number): string {
  const header = '| code | name | type | kind | volatility | from | basis | level |\n|---|---|---|---|---|---|---|---|'
  const sampled = [
    ...sampleOf(withBasis(products, 'volatility'), 60, seed),
    ...sampleOf(withBasis(products, 'kind'), 40, seed),
  ]
  return [header, ...sampled.map(line)].join('\n')
}
