import { createHash } from 'node:crypto'
import { type Catalogue } from '../schema/catalogue.js'
import { type Digest, type ProductId } from '../schema/ids.js'
import { type Product } from '../schema/product.js'
import { type Instant } from '../schema/time.js'

/** One revision of the catalogue: products as they became known at one instant. Numbered from 1, without gaps. */
export type Revision = {
  readonly revision: number
  readonly digest: Digest
  readonly knownAt: Instant
  readonly products: readonly Product[]
}

/** A catalogue in the making: also from when each product's present value was known. */
export type Folded = { readonly catalogue: Catalogue; readonly knownAts: readonly Instant[]; readonly digests: string }

/** SHA-256 over the 32 bytes of each digest, in order. */
const digestOver = (digests: string): Digest =>
  `sha256:${createHash('sha256').update(digests, 'hex').digest('hex')}` as Digest

/** The digests of revisions, hexadecimal, one after the other. */
export const joinDigests = (revisions: readonly { readonly digest: Digest }[]): string =>
  revisions.map(({ digest }) => digest.slice('sha256:'.length)).join('')

export const emptyFold = (knownBefore: Instant | null): Folded => ({
  catalogue: { revision: 0, knownBefore, digest: digestOver(''), products: [], ordinalOf: new Map() },
  knownAts: [],
  digests: '',
})

/** What was folded before, put together again; the products in the order of their ordinals. */
export const foldedOf = (
  revision: number,
  digests: string,
  products: readonly Product[],
  knownAts: readonly Instant[],
): Folded => ({
  catalogue: {
    revision,
    knownBefore: null,
    digest: digestOver(digests),
    products,
    ordinalOf: new Map(products.map(({ id }, ordinal) => [id, ordinal])),
  },
  knownAts,
  digests,
})

/** Tables under change: private to one call of `foldRevisions`, since copying them per revision would cost too much. */
type Tables = { products: Product[]; knownAts: Instant[]; ordinalOf: Map<ProductId, number> }

const foldRevision = ({ products, knownAts, ordinalOf }: Tables, { knownAt, products: changes }: Revision): void => {
  for (const product of changes) {
    const ordinal = ordinalOf.get(product.id) ?? products.length
    if (ordinal < products.length && knownAt < (knownAts[ordinal] ?? knownAt)) continue
    ordinalOf.set(product.id, ordinal)
    products[ordinal] = product
    knownAts[ordinal] = knownAt
  }
}

/**
 * Revisions, in the order of their numbers, folded onto what was folded before, which stays as it was; those known
 * too late are left out. New products are appended; of a product's values the one with the largest (knownAt, revision)
 * stands, so that an older file imported later overrides no newer fact.
 */
export const foldRevisions = (onto: Folded, revisions: readonly Revision[]): Folded => {
  const { knownBefore } = onto.catalogue
  const known = revisions.filter(({ knownAt }) => knownBefore === null || knownAt < knownBefore)
  const last = known.at(-1)
  if (last === undefined) return onto
  const tables: Tables = {
    products: [...onto.catalogue.products],
    knownAts: [...onto.knownAts],
    ordinalOf: new Map(onto.catalogue.ordinalOf),
  }
  for (const revision of known) foldRevision(tables, revision)
  const { products, knownAts, ordinalOf } = tables
  const digests = onto.digests + joinDigests(known)
  const catalogue = { revision: last.revision, knownBefore, digest: digestOver(digests), products, ordinalOf }
  return { catalogue, knownAts, digests }
}
