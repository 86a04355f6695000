import { type DecisionId, type FirmId, type InvestorId, type ProductId } from '../features/schema/ids.js'
import { type Instant } from '../features/schema/time.js'
import { type Pseudonym } from './commitment.js'
import { type Entry } from './entry.js'
import { type Ledger } from './ledger.js'
import { type Persons } from './persons.js'

/**
 * How an exposure differs from what was recorded: no such decision; another firm's, or investor's; one that was not
 * made to be shown; a product, or a rank, that the slate did not have; shown before it was decided.
 */
export const exposureFaults = [
  'unknown-decision',
  'other-firm',
  'other-investor',
  'not-live',
  'not-in-slate',
  'other-rank',
  'before-decision',
] as const
export type ExposureFault = (typeof exposureFaults)[number]

/** What somebody says was shown to an investor. */
export type Exposure = {
  readonly firmId: FirmId
  readonly investorId: InvestorId
  readonly productId: ProductId
  readonly decisionId: DecisionId
  readonly rank: number
  readonly occurredAt: Instant
}

/** How far behind ours the clock of who shows may run, ms: as events may run ahead of it. */
const mostBehindMs = 5 * 60_000

/** `pseudonym`: the investor's; null where he has none, for nothing was ever recorded of him. */
export function faultsOfExposure(
  { firmId, productId, rank, occurredAt }: Exposure,
  entry: Entry | null,
  pseudonym: Pseudonym | null,
): readonly ExposureFault[] {
  if (entry?.type !== 'decision') return ['unknown-decision']
  if (entry.firmId !== firmId) return ['other-firm']
  const slate = entry.outcome.kind === 'refusal' ? [] : entry.outcome.slate
  const item = slate.find((one) => one.productId === productId)
  return [
    ...(entry.pseudonym === pseudonym ? [] : ['other-investor' as const]),
    ...(entry.mode === 'live' ? [] : ['not-live' as const]),
    ...(item === undefined ? ['not-in-slate' as const] : item.rank === rank ? [] : ['other-rank' as const]),
    ...(occurredAt < entry.at - mostBehindMs ? ['before-decision' as const] : []),
  ]
}

/** Entries and pseudonyms that are kept: one slate is shown in many events. */
const kept = 4096

/**
 * Holds exposures against the ledger. Use one for one run: it remembers what it read, and a person may be erased
 * meanwhile.
 */
export function exposureChecker(
  ledger: Pick<Ledger, 'get'>,
  persons: Pick<Persons, 'pseudonymOf'>,
): (exposure: Exposure) => Promise<readonly ExposureFault[]> {
  const entries = remembering(async (id: DecisionId) => (await ledger.get(id))?.entry ?? null)
  const pseudonyms = new Map<FirmId, (id: InvestorId) => Promise<Pseudonym | null>>()
  return async (exposure) => {
    const { firmId, investorId, decisionId } = exposure
    const pseudonymOf = pseudonyms.get(firmId) ?? remembering((id: InvestorId) => persons.pseudonymOf(firmId, id))
    pseudonyms.set(firmId, pseudonymOf)
    const entry = await entries(decisionId)
    // Of an unknown decision nobody need be known.
    return faultsOfExposure(exposure, entry, entry?.type === 'decision' ? await pseudonymOf(investorId) : null)
  }
}

function remembering<Key, Value>(read: (key: Key) => Promise<Value>): (key: Key) => Promise<Value> {
  const known = new Map<Key, Value>()
  return async (key) => {
    if (known.has(key)) return known.get(key) as Value
    const value = await read(key)
    if (known.size >= kept) known.clear()
    known.set(key, value)
    return value
  }
}
