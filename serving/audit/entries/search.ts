import { countsOf } from '../../../audit/search/counts.js'
import { everPermitted } from '../../../audit/search/everPermitted.js'
import { exportTo } from '../../../audit/search/exportFile.js'
import { foundOf } from '../../../audit/search/found.js'
import { pageOf, type Query } from '../../../audit/search/query.js'
import { sampleOf } from '../../../audit/search/sample.js'
import { type Search, SearchBehind } from '../../../audit/search/search.js'
import { tlogProofOf } from '../../../audit/tlogProof.js'
import { type Record } from '../../../audit/record.js'
import { type FirmId } from '../../../features/schema/ids.js'
import { type Home } from '../../home.js'
import { Unavailable } from '../../service.js'
import { keptIn } from '../backtest/kept.js'
import { coverageOf } from './coverage.js'
import { type Asked, type EntrySearch } from './entrySearch.js'

export type SearchPorts = { readonly home: Home; readonly record: Record; readonly search: Search }

/** Reads the search's files, brought up to date; `Unavailable` (`starting`) where that takes longer than one waits. */
export const readCurrent =
  (search: Search): Search['read'] =>
  async (work) => {
    try {
      await search.current()
    } catch (error) {
      if (error instanceof SearchBehind) throw new Unavailable('starting', error.message)
      throw error
    }
    return search.read(work)
  }

/** The search over an open record. */
export function entrySearchOf({ home, record, search }: SearchPorts): EntrySearch {
  /** Null where the firm has no entry of that investor, or he was erased. */
  const queryOf = async (firmId: FirmId, { investorId, ...asked }: Asked): Promise<Query | null> => {
    if (investorId === undefined) return { firmId, ...asked }
    const pseudonym = await record.persons.pseudonymOf(firmId, investorId)
    if (pseudonym === null || (asked.pseudonym !== undefined && asked.pseudonym !== pseudonym)) return null
    return { firmId, ...asked, pseudonym }
  }

  const read = readCurrent(search)

  return {
    find: async (firmId, asked, page) => {
      const query = await queryOf(firmId, asked)
      const rows = query === null ? [] : await read((database, from) => pageOf(database, from, query, page))
      const items = rows.map(foundOf)
      return { items, next: items.length < page.limit ? null : (items.at(-1)?.ledgerIndex ?? null) }
    },
    sample: async (firmId, drawn) => {
      const { population, rows } = await read((database, from) => sampleOf(database, from, { firmId, ...drawn }))
      const { note, size } = await record.ledger.checkpoint()
      const items = rows.map(foundOf).map(async (found) => {
        const { bytes } = await record.ledger.byIndex(found.ledgerIndex)
        const proof = tlogProofOf(await record.ledger.inclusion(found.ledgerIndex, size), note)
        return { ...found, entry: Buffer.from(bytes).toString('base64'), proof }
      })
      return { seed: drawn.seed, population, checkpoint: note, items: await Promise.all(items) }
    },
    coverage: async (firmId, period) =>
      coverageOf(await read((database, from) => countsOf(database, from, { firmId, ...period })), home),
    neverPermitted: async (firmId, { from = null, to = null }) => {
      const found = await everPermitted(record, { firmId, from, to }, keptIn(home.dir))
      const { products } = await home.catalogueLog.head()
      const ids = products.map(({ id }) => id).filter((id) => !found.products.has(id))
      return { judged: found.judged, erased: found.erased, of: products.length, ids }
    },
    exportTo: async (firmId, asked, file, format) => {
      const query = await queryOf(firmId, asked)
      return read((database, from) => exportTo(file, format, query, { database, from }))
    },
    catchUp: search.catchUp,
  }
}
