import { type Pack } from '../engine/suitability/pack.js'
import { compiledFor, compilePack } from '../engine/suitability/verdicts.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type Product } from '../features/schema/product.js'
import { catalogueOf } from './realCatalogue.js'

type Change = (products: readonly Product[], turn: number) => readonly Product[]

/** Another NAV of some products: as many as a revision tells. */
const told =
  (count: number): Change =>
  (products, turn) => {
    const next = [...products]
    for (let one = 0; one < count; one++) {
      const ordinal = (turn * 7919 + one * 104_729) % products.length
      const product = products[ordinal]
      if (product?.facts == null) continue
      const navDate = `2026-05-0${1 + (turn % 8)}`
      next[ordinal] = { ...product, facts: { ...product.facts, navDate } }
    }
    return next
  }

/** Every input of a product changes: to those of another, under its own id. */
const replaced: Change = (products, turn) => {
  const next = [...products]
  const ordinal = (turn * 7919) % products.length
  const [own, other] = [products[ordinal], products[(turn * 104_729 + 1) % products.length]]
  if (own !== undefined && other !== undefined) next[ordinal] = { ...other, id: own.id }
  return next
}

const appended: Change = (products, turn) => {
  const [first] = products
  return first === undefined ? products : [...products, { ...first, id: `NEW-${turn}` as Product['id'] }]
}

/**
 * To be timed: compiling a catalogue from scratch, and again after changes. Each call has another catalogue, which is
 * the one before with its change; making the list of its products (microseconds) is in the figure.
 */
export function recompiling(products: readonly Product[], pack: Pack): Readonly<Record<string, () => unknown>> {
  const bare: Catalogue = catalogueOf([])
  const chain = (change: Change): (() => unknown) => {
    let [now, turn] = [products, 0]
    return () => {
      now = change(now, ++turn)
      // Beyond this it would be another catalogue.
      if (now.length > products.length * 1.05) now = products
      return compiledFor({ ...bare, products: now }, pack)
    }
  }
  compiledFor({ ...bare, products }, pack)
  return {
    'compile from scratch': () => compilePack(products, pack),
    'compile again: one NAV changed': chain(told(1)),
    'compile again: 50 NAVs changed': chain(told(50)),
    'compile again: one product changed in all it can': chain(replaced),
    'compile again: one product added': chain(appended),
  }
}
