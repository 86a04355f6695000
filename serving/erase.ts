import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { systemEntryId } from '../audit/activations.js'
import { Pseudonym } from '../audit/commitment.js'
import { type ErasureEntry } from '../audit/personActs.js'
import { type Record } from '../audit/record.js'
import { type Search } from '../audit/search/search.js'
import { type Digest } from '../features/schema/ids.js'
import { type Instant } from '../features/schema/time.js'
import { type Erasure, type Told } from './erasures.js'
import { forgetRejected } from './forgetRejected.js'
import { folders, type Home } from './home.js'
import { keyOf } from './investorKey.js'
import { type Investors } from './investors.js'
import { learntFrom } from './privacy/learntFrom.js'

type ErasePorts = {
  readonly home: Home
  readonly record: Record
  readonly search: Search
  readonly investors: Investors
  readonly instant: () => Instant
}

/** What the ledger says of an erasure: the pseudonym leads to nobody any more. */
export type Erased = Pick<ErasureEntry, 'entryId' | 'at' | 'runs' | 'releases'>

/**
 * Erases a person everywhere, and enters that it was done, and which models had learnt from him; null where nothing was
 * known of him. From its beginning on he is unknown to readers, and what is cut short goes on at the next opening, or
 * when it is asked for again.
 */
export async function erase(ports: ErasePorts, erasure: Erasure): Promise<Erased | null> {
  const { home, record, search, investors, instant } = ports
  const { firmId, investorId } = erasure
  const begun = home.erasures.told(firmId, investorId)
  const told = begun === undefined ? await tellOf(ports, erasure) : begun
  if (begun === undefined) await home.erasures.begin(erasure, told)
  await investors.erase(keyOf(firmId, investorId))
  await forgetRejected(join(home.dir, folders.imports), erasure)
  // While the record still knows under which pseudonym: an erasure that is cut short after it finds none, and is done here.
  const pseudonym = await record.persons.pseudonymOf(firmId, investorId)
  if (pseudonym !== null) await search.erase(pseudonym)
  await record.erase(firmId, investorId)
  const erased = told === null ? null : await entered(record, told, { firmId, at: instant() })
  await home.erasures.end(erasure)
  return erased
}

/** Null where nothing is held on the person. */
async function tellOf({ home, record }: ErasePorts, { firmId, investorId }: Erasure): Promise<Told | null> {
  const rows = await home.history.heldOn(keyOf(firmId, investorId))
  const pseudonym = await record.persons.pseudonymOf(firmId, investorId)
  if (rows.profiles.length + rows.events.length === 0 && pseudonym === null) return null
  const learnt = await learntFrom(home, rows)
  return {
    entryId: systemEntryId(),
    // Of somebody of whom nothing was ever recorded, the entry is the first and the last.
    pseudonym: pseudonym ?? Pseudonym.parse(randomBytes(16).toString('hex')),
    runs: learnt.flatMap(({ runId }) => runId ?? []),
    releases: [...new Set(learnt.flatMap(({ releases }) => releases.map(({ digest }): Digest => digest)))],
  }
}

/** Once, however often an erasure has to be gone on with. */
async function entered({ ledger }: Record, told: Told, whose: Pick<ErasureEntry, 'firmId' | 'at'>): Promise<Erased> {
  const found = (await ledger.get(told.entryId))?.entry
  const { entryId, runs, releases } = told
  if (found !== undefined) return { entryId, runs, releases, at: found.at }
  await ledger.append({ v: 1, type: 'erasure', ...whose, ...told })
  return { entryId, runs, releases, at: whose.at }
}
