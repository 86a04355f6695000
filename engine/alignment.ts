import { type Catalogue } from '../features/schema/catalogue.js'
import { type ProductId } from '../features/schema/ids.js'
import { type Release } from './release.js'
import { type Bitset, emptyBits, hasBit, setBit } from './suitability/bitset.js'
import { type Verdicts } from './suitability/verdicts.js'

/** How the rows of a release and the ordinals of a catalogue correspond. */
export type Alignment = {
  /** [rows] ordinal of each row's product, −1 where the catalogue does not have it. */
  readonly ordinalOfRow: Int32Array
  /**
   * The permitted rows of a release, from the verdicts over the catalogue. A product without a rating is never among
   * them, whatever a pack says. Shared: never written to.
   */
  permittedRows(verdicts: Verdicts): Bitset
}

const alignments = new WeakMap<Release, WeakMap<Catalogue['products'], Alignment>>()

/** Made once for each release and catalogue's products. */
export function alignmentOf(release: Release, catalogue: Catalogue): Alignment {
  let known = alignments.get(release)
  if (known === undefined) alignments.set(release, (known = new WeakMap()))
  let alignment = known.get(catalogue.products)
  if (alignment === undefined) known.set(catalogue.products, (alignment = align(release.vectors.productIds, catalogue)))
  return alignment
}

function align(productIds: readonly ProductId[], catalogue: Catalogue): Alignment {
  const ordinalOfRow = Int32Array.from(productIds, (id) => catalogue.ordinalOf.get(id) ?? -1)
  const rated = (ordinal: number): boolean => (catalogue.products[ordinal]?.rating ?? null) !== null
  const servable = ordinalOfRow.map((ordinal) => (rated(ordinal) ? ordinal : -1))
  const masks = new WeakMap<Verdicts, Bitset>()
  return {
    ordinalOfRow,
    permittedRows: (verdicts) => {
      let mask = masks.get(verdicts)
      if (mask === undefined) masks.set(verdicts, (mask = rowsOf(servable, verdicts.permitted)))
      return mask
    },
  }
}

/** The rows whose ordinal is permitted. */
function rowsOf(ordinals: Int32Array, permitted: Bitset): Bitset {
  const rows = emptyBits(ordinals.length)
  for (let row = 0; row < ordinals.length; row++) {
    const ordinal = ordinals[row] ?? -1
    if (ordinal >= 0 && hasBit(permitted, ordinal)) setBit(rows, row)
  }
  return rows
}
