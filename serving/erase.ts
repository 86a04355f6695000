import { join } from 'node:path'
import { type Record } from '../audit/record.js'
import { type Search } from '../audit/search/search.js'
import { type Erasure } from './erasures.js'
import { forgetRejected } from './forgetRejected.js'
import { folders, type Home } from './home.js'
import { keyOf } from './investorKey.js'
import { type Investors } from './investors.js'

type ErasePorts = {
  readonly home: Home
  readonly record: Record
  readonly search: Search
  readonly investors: Investors
}

/**
 * Erases a person everywhere; false where nothing was known of him. From its beginning on he is unknown to readers, and
 * what is cut short goes on at the next opening, or when it is asked for again.
 */
export async function erase({ home, record, search, investors }: ErasePorts, erasure: Erasure): Promise<boolean> {
  const { firmId, investorId } = erasure
  await home.erasures.begin(erasure)
  const known = await investors.erase(keyOf(firmId, investorId))
  await forgetRejected(join(home.dir, folders.imports), erasure)
  // While the record still knows under which pseudonym: an erasure that is cut short after it finds none, and is done here.
  const pseudonym = await record.persons.pseudonymOf(firmId, investorId)
  if (pseudonym !== null) await search.erase(pseudonym)
  const recorded = await record.erase(firmId, investorId)
  await home.erasures.end(erasure)
  return known || recorded
}
