import { type SystemEntry } from '../audit/entry.js'
import { CatalogueRevisionEntry } from '../audit/systemEntry.js'

/** An entry about the installation, of which nothing is sealed: the smallest thing to fill a ledger with. */
export const systemEntry = (number: number): SystemEntry =>
  CatalogueRevisionEntry.parse({
    v: 1,
    type: 'catalogue-revision',
    entryId: `number-${number}`,
    at: 1_700_000_000_000 + number,
    revision: number,
    digest: `sha256:${number.toString(16).padStart(64, '0')}`,
  })
