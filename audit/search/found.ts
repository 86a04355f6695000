import { type FirmId, type ProductId } from '../../features/schema/ids.js'
import { type Instant } from '../../features/schema/time.js'
import { type Pseudonym } from '../commitment.js'
import { type Entry } from '../entry.js'
import { type LedgerIndex } from '../ledger.js'
import { type Row } from './columns.js'

/** What was sealed of an entry, as far as one may search for it; null where that type of entry has none of it. */
export type FoundSealed = {
  /** Of a purchase check: what was asked for, and the verdict; of a change of class: granted, not-granted. */
  readonly productId: ProductId | null
  readonly verdict: string | null
  readonly withheld: { readonly total: number; readonly byRule: Readonly<Record<string, number>> } | null
  readonly blockedBy: readonly string[]
  readonly warnedBy: readonly string[]
  readonly level: string | null
  readonly investorClass: string | null
  readonly ageBand: string | null
}

/** An entry that was found: what the ledger says of it in clear, and what is sealed with its person. */
export type Found = {
  readonly ledgerIndex: LedgerIndex
  readonly entryId: string
  readonly type: Entry['type']
  readonly firmId: FirmId | null
  readonly pseudonym: Pseudonym | null
  readonly at: Instant
  readonly mode: string | null
  readonly scene: string | null
  readonly outcome: string | null
  readonly refusal: string | null
  readonly refusedBy: string | null
  readonly release: string | null
  readonly packDigest: string | null
  readonly catalogueRevision: number | null
  /** Shown, by rank. */
  readonly products: readonly ProductId[]
  /** Null: nothing is sealed. `lost`: its person was not erased, and still it is gone. */
  readonly sealed: FoundSealed | 'erased' | 'lost' | null
}

const words = (text: Row['products']): readonly string[] => (text === null ? [] : String(text).trim().split(' '))

const rulesOf = ({ rules }: Row, effect: string): readonly string[] =>
  words(rules).flatMap((rule) => (rule.startsWith(`${effect}/`) ? [rule.slice(effect.length + 1)] : []))

const text = (cell: Row['products']): string | null => (cell === null ? null : String(cell))

const sealedOf = (row: Row): FoundSealed => ({
  productId: text(row.product) as ProductId | null,
  verdict: text(row.verdict),
  withheld:
    row.withheld === null
      ? null
      : {
          total: Number(row.withheld_total),
          byRule: JSON.parse(String(row.withheld)) as Readonly<Record<string, number>>,
        },
  blockedBy: rulesOf(row, 'blocked'),
  warnedBy: rulesOf(row, 'warned'),
  level: text(row.level),
  investorClass: text(row.investor_class),
  ageBand: text(row.age_band),
})

/** A row of the search's files, which hold what `rowOf` wrote. */
export const foundOf = (row: Row): Found => ({
  ledgerIndex: Number(row.ledger_index),
  entryId: String(row.entry_id),
  type: row.type as Entry['type'],
  firmId: row.firm as FirmId | null,
  pseudonym: row.pseudonym as Pseudonym | null,
  at: Number(row.at_ms),
  mode: text(row.mode),
  scene: text(row.scene),
  outcome: text(row.outcome),
  refusal: text(row.refusal),
  refusedBy: text(row.refused_by),
  release: text(row.release),
  packDigest: text(row.pack),
  catalogueRevision: row.catalogue_revision === null ? null : Number(row.catalogue_revision),
  products: words(row.products) as readonly ProductId[],
  sealed: row.sealed === 'kept' ? sealedOf(row) : (row.sealed as 'erased' | 'lost' | null),
})

/** The persons of whom something sealed was found. */
export const personsIn = (found: readonly Found[]): readonly Pseudonym[] =>
  found.flatMap(({ pseudonym, sealed }) =>
    pseudonym !== null && typeof sealed === 'object' && sealed ? pseudonym : [],
  )
